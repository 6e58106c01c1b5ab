"""The destinations: a CRM in memory, the embedded one."""
