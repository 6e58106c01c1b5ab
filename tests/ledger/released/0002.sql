-- A book as version 0002 of its tables was released: never changed.
BEGIN TRANSACTION;
CREATE TABLE ledger_accounts (
	account TEXT NOT NULL, 
	cursor TEXT, 
	CONSTRAINT ledger_accounts_key PRIMARY KEY (account)
);
INSERT INTO "ledger_accounts" VALUES('local','c-7');
INSERT INTO "ledger_accounts" VALUES('hubspot:1',NULL);
CREATE TABLE ledger_conflicts (
	account TEXT NOT NULL, 
	id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	owner TEXT NOT NULL, 
	field TEXT NOT NULL, 
	since BIGINT NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT ledger_conflicts_key PRIMARY KEY (account, id, kind, owner, field)
);
INSERT INTO "ledger_conflicts" VALUES('local','k-one','deal','ada','stage',1772452800123456,'{"ours":null,"theirs":"offer","v":1}');
CREATE TABLE ledger_dossiers (
	account TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	user_name TEXT NOT NULL, 
	stage TEXT NOT NULL, 
	decide_on TEXT, 
	origin TEXT NOT NULL, 
	callee TEXT, 
	body TEXT NOT NULL, 
	CONSTRAINT ledger_dossiers_key PRIMARY KEY ("key", account)
);
INSERT INTO "ledger_dossiers" VALUES('local','k-one','ada','screening','2026-03-03','applications.csv','email:wile@acme.example','{"application":{"row":7,"sheet":"Applications","connector":"spreadsheet","company":"Acme Rockets","job_title":"Engineer","stage":"applied","applied_on":"2026-02-20","external_id":"4711","company_domain":"acme.example","job_url":"https://acme.example/jobs/4711","location":"Berlin","contact_name":"Wile E. Coyote","contact_title":"Head of Testing","contact_email":"wile@acme.example","contact_phone":"+49 30 555 0100","salary":"60k","source":"a friend","notes":"two lines\nof notes","next_action_on":"2026-03-09","flags":["day_first_guessed"],"stage_word":"beworben","cells":["Acme Rockets","Engineer"]},"course":{"stage":"screening","first_seen":"2026-02-21","said_stage":"interviewing","crm_stage":"screening","stage_changed_at":"2026-03-02T08:00:00+00:00","previous_stage":"applied","terminal_since":"2026-03-02T20:00:00+00:00","stage_disputed":true,"round":2,"round_started":"2026-03-01","snooze_until":"2026-03-05","manual_start":"2026-03-06","resumed_after_delete":true,"phone":"+49 30 555 0101","number_changed_at":"2026-03-02T12:00:00.123456+00:00","do_not_call":true,"deal_removed":true,"vanished_looks":1,"vanished_at":"2026-03-02T08:00:00+00:00","preparation":{"why":"rockets","facts":["they fly"],"reason":"they hire"},"task":{"seq":2,"round":1,"state":"open","pushed_due":"2026-03-03","due_at":"2026-03-02T12:00:00.123456+00:00","attempt":2,"final":true,"flags":["person_busy"],"crm_due":"2026-03-04"},"earlier":[{"seq":1,"round":1,"state":"completed","pushed_due":"2026-03-03","due_at":"2026-03-02T12:00:00.123456+00:00","attempt":2,"final":true,"flags":["person_busy"],"crm_due":"2026-03-04"}],"last_seq":2,"decision":{"action":"schedule","reason":"second_call","due_on":"2026-03-03","due_at":"2026-03-02T12:00:00.123456+00:00","attempt":2,"final":true,"flags":["person_busy"],"cancel_open_task":true},"decide_on":"2026-03-03"},"company_key":"acme","contact_key":"wile","led_from":"k-older","sayings":[{"source":"older.csv","application":{"row":7,"sheet":"Applications","connector":"spreadsheet","company":"Acme Rockets","job_title":"Engineer","stage":"saved","applied_on":"2026-02-20","external_id":"4711","company_domain":"acme.example","job_url":"https://acme.example/jobs/4711","location":"Berlin","contact_name":"Wile E. Coyote","contact_title":"Head of Testing","contact_email":"wile@acme.example","contact_phone":"+49 30 555 0100","salary":"60k","source":"a friend","notes":"two lines\nof notes","next_action_on":"2026-03-09","flags":["day_first_guessed"],"stage_word":"beworben","cells":["Acme Rockets","Engineer"]}}],"v":1}');
INSERT INTO "ledger_dossiers" VALUES('local','k-two','bob','applied',NULL,'',NULL,'{"application":{"row":1,"sheet":null,"connector":"spreadsheet","company":"Acme","job_title":"Engineer","stage":"applied"},"course":{"stage":"applied","first_seen":"2026-03-01","preparation":{}},"v":1}');
CREATE TABLE ledger_evidence (
	account TEXT NOT NULL, 
	owner TEXT NOT NULL, 
	evidence TEXT NOT NULL, 
	id TEXT NOT NULL, 
	CONSTRAINT ledger_evidence_key PRIMARY KEY (account, owner, evidence)
);
INSERT INTO "ledger_evidence" VALUES('local','','domain:acme.example','acme');
INSERT INTO "ledger_evidence" VALUES('local','ada','nul\u0000inside','k-odd');
INSERT INTO "ledger_evidence" VALUES('local','ada','url:https://acme.example/jobs/4711','k-one');
CREATE TABLE ledger_forgotten (
	account TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	whose TEXT NOT NULL, 
	CONSTRAINT ledger_forgotten_key PRIMARY KEY (account, digest)
);
CREATE TABLE ledger_journal (
	account TEXT NOT NULL, 
	run TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT ledger_journal_key PRIMARY KEY (account, run, number)
);
INSERT INTO "ledger_journal" VALUES('hubspot:1','r-1',1,1772452800123456,'{"lines":[{"what":"create","kind":"deal","owner":"ada","of":["k-one"]}],"v":1}');
CREATE TABLE ledger_leases (
	account TEXT NOT NULL, 
	epoch BIGINT NOT NULL, 
	holder TEXT NOT NULL, 
	host TEXT NOT NULL, 
	pid INTEGER NOT NULL, 
	home TEXT NOT NULL, 
	birth TEXT NOT NULL, 
	expires_at DOUBLE NOT NULL, 
	CONSTRAINT ledger_leases_key PRIMARY KEY (account)
);
INSERT INTO "ledger_leases" VALUES('local',1,'','',0,'','',0.0);
CREATE TABLE ledger_links (
	account TEXT NOT NULL, 
	id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	owner TEXT NOT NULL, 
	remote_id TEXT, 
	retired BOOLEAN NOT NULL, 
	unsettled BOOLEAN NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT ledger_links_key PRIMARY KEY (account, id, kind, owner)
);
INSERT INTO "ledger_links" VALUES('local','k-one','deal','ada','remote-k-one',0,1,'{"marks":{"name":"aa","stage":["bb","cc",null],"owner":["dd",null,"ee"],"salary":[null,null,null]},"connected":[["company","","acme"],["contact","","ada/lovelace"]],"attempted":true,"refusal":"Property values were not valid","refused":"ff","v":1}');
INSERT INTO "ledger_links" VALUES('local','k-two','deal','ada','remote-k-two',0,1,'{"marks":{"name":"aa","stage":["bb","cc",null],"owner":["dd",null,"ee"],"salary":[null,null,null]},"connected":[["company","","acme"],["contact","","ada/lovelace"]],"attempted":true,"refusal":"Property values were not valid","refused":"ff","v":1}');
INSERT INTO "ledger_links" VALUES('hubspot:1','k-one','deal','ada','501',0,0,'{"begun":{"name":"f085b5f9ca56b947","stage":"216e7bed5a4b9994","salary":"3c02bac694e165f7"},"with":[["company","","acme"]],"v":2}');
INSERT INTO "ledger_links" VALUES('hubspot:1','k-one:1:1','task','ada',NULL,0,1,'{"begun":{"open":"8d2504cc989b84c1"},"with":[["deal","ada","k-one"]],"v":2}');
CREATE TABLE ledger_runs (
	account TEXT NOT NULL, 
	id TEXT NOT NULL, 
	user_name TEXT, 
	started_at BIGINT NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT ledger_runs_key PRIMARY KEY (account, id)
);
INSERT INTO "ledger_runs" VALUES('local','r-1','ada',1772452800123456,'{"user":"ada","command":"import","started_at":"2026-03-02T12:00:00.123456+00:00","ended_at":"2026-03-02T20:00:00+00:00","version":"0.1.0","report":{"created":3,"messages":["all is well"],"by":{"kind":{"deal":1}},"ok":true,"none":null},"v":1}');
CREATE TABLE ledger_secrets (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT ledger_secrets_key PRIMARY KEY (name)
);
CREATE TABLE ledger_sources (
	account TEXT NOT NULL, 
	user_name TEXT NOT NULL, 
	source TEXT NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT ledger_sources_key PRIMARY KEY (account, user_name, source)
);
INSERT INTO "ledger_sources" VALUES('local','ada','applications.csv','{"connector":"spreadsheet","bookmark":"sha256:00","understanding":"spreadsheet/1","seen_at":"2026-03-02T12:00:00.123456+00:00","complete":false,"applications":3,"rejected":[{"row":9,"sheet":"Applications","reason":"no company","cells":["","Engineer"]},{"row":10,"sheet":null,"reason":"empty"}],"notes":["stopped early"],"v":1}');
CREATE TABLE ledger_touches (
	account TEXT NOT NULL, 
	id TEXT NOT NULL, 
	application TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT ledger_touches_key PRIMARY KEY (account, id)
);
INSERT INTO "ledger_touches" VALUES('local','t-1','k-one',1772452800123456,'{"kind":"inbound","outcome":"connected","result":"call_back","callback_on":"2026-03-10","round":2,"note":"call back","referred_to":"Road Runner","v":1}');
CREATE TABLE ledger_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT ledger_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "ledger_version" VALUES('0002');
CREATE INDEX ledger_links_by_remote_id ON ledger_links (account, kind, remote_id);
CREATE INDEX ledger_links_unsettled ON ledger_links (account) WHERE unsettled;
CREATE INDEX ledger_dossiers_by_user ON ledger_dossiers (account, user_name, stage, decide_on);
CREATE INDEX ledger_dossiers_by_callee ON ledger_dossiers (account, callee) WHERE callee IS NOT NULL;
CREATE INDEX ledger_touches_by_application ON ledger_touches (account, application);
CREATE INDEX ledger_runs_by_start ON ledger_runs (account, started_at);
CREATE INDEX ledger_runs_by_user ON ledger_runs (account, user_name, started_at);
COMMIT;
