"""Trackers of many kinds, each with what a careful person would read."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from crm_sync.errors import SourceError
from tests.reading.grids_by_hand import answers, answers_of, document_of, grid, outcome_of, table_of


def test_a_german_tracker_reads_day_first_and_german_words() -> None:
    assert answers("""
Firma|Stelle|Beworben am|Status|Ansprechpartner|Bemerkungen
Ahornwerk GmbH|Entwickler (m/w/d)|03.02.2026|Absage erhalten|Frau Lind|Schade
Birkental AG|Sachbearbeiterin|14.02.2026|Eingangsbestätigung||
Eschenbach|Kauffrau|15.02.2026|Zum Gespräch eingeladen||
Lindenau|Techniker|16.02.2026|Keine Antwort||
Ulmenhof|Leiterin||noch nicht beworben||
Weidenfeld|Planer|18.02.2026|Zusage||
Tannberg|Referent|19.02.2026|zurückgezogen||
""") == [
        ("Ahornwerk GmbH", "Entwickler (m/w/d)", "2026-02-03", "rejected"),
        ("Birkental AG", "Sachbearbeiterin", "2026-02-14", "applied"),
        ("Eschenbach", "Kauffrau", "2026-02-15", "interviewing"),
        ("Lindenau", "Techniker", "2026-02-16", "applied"),
        ("Ulmenhof", "Leiterin", None, "saved"),
        ("Weidenfeld", "Planer", "2026-02-18", "offer"),
        ("Tannberg", "Referent", "2026-02-19", "withdrawn"),
    ]


def test_a_french_tracker_reads_french_words() -> None:
    assert answers("""
Entreprise|Intitulé du poste|Date de candidature|Statut|Lien|Relance
Chênaie SARL|Chargée de projet|25/03/2026|Sans réponse|https://chenaie.example/1|
Hêtraie|Développeur|04/04/2026|Refusée|https://hetraie.example/2|
Saulaie|Assistante|05/04/2026|Entretien prévu||12/04/2026
Ormaie|Technicien|06/04/2026|Candidature envoyée||
Frênaie|Commercial||À postuler||
""") == [
        ("Chênaie SARL", "Chargée de projet", "2026-03-25", "applied"),
        ("Hêtraie", "Développeur", "2026-04-04", "rejected"),
        ("Saulaie", "Assistante", "2026-04-05", "interviewing"),
        ("Ormaie", "Technicien", "2026-04-06", "applied"),
        ("Frênaie", "Commercial", None, "saved"),
    ]


def test_a_spanish_tracker_reads_spanish_words() -> None:
    assert answers("""
Empresa|Puesto|Fecha de postulación|Estado|Ubicación|Salario
Robledal SL|Analista de datos|13/01/2026|Postulado|Cádiz|24.000
Encinar|Gerente|02/02/2026|Entrevista agendada|Soria|
Olivar|Técnico|03/02/2026|Rechazado|Jaén|
Pinar|Auxiliar|04/02/2026|Oferta recibida|Lugo|
Haya|Diseñadora|05/02/2026|En proceso|León|
Fresno|Encargada||Por aplicar|Vigo|
""") == [
        ("Robledal SL", "Analista de datos", "2026-01-13", "applied"),
        ("Encinar", "Gerente", "2026-02-02", "interviewing"),
        ("Olivar", "Técnico", "2026-02-03", "rejected"),
        ("Pinar", "Auxiliar", "2026-02-04", "offer"),
        ("Haya", "Diseñadora", "2026-02-05", "applied"),
        ("Fresno", "Encargada", None, "saved"),
    ]


def test_a_portuguese_tracker_reads_portuguese_words() -> None:
    assert answers("""
Empresa|Vaga|Data da candidatura|Situação|Link da vaga
Carvalhal|Engenheira|20/05/2026|Candidatura enviada|https://carvalhal.example/v/1
Sobral|Analista|06/05/2026|Reprovado|https://sobral.example/v/2
Pinhal|Estagiário|07/05/2026|Entrevista marcada|https://pinhal.example/v/3
Olival|Vendedor|08/05/2026|Sem retorno|https://olival.example/v/4
""") == [
        ("Carvalhal", "Engenheira", "2026-05-20", "applied"),
        ("Sobral", "Analista", "2026-05-06", "rejected"),
        ("Pinhal", "Estagiário", "2026-05-07", "interviewing"),
        ("Olival", "Vendedor", "2026-05-08", "applied"),
    ]


def test_a_turkish_tracker_reads_dotted_capitals() -> None:
    assert answers("""
ŞİRKET ADI|POZİSYON|BAŞVURU TARİHİ|DURUM
Çınar A.Ş.|Yazılım Geliştirici|21.03.2026|BAŞVURULDU
Meşe Ltd.|Mühendis|05.03.2026|MÜLAKAT
Kavak|Uzman|06.03.2026|REDDEDİLDİ
Söğüt|Asistan|07.03.2026|CEVAP YOK
""") == [
        ("Çınar A.Ş.", "Yazılım Geliştirici", "2026-03-21", "applied"),
        ("Meşe Ltd.", "Mühendis", "2026-03-05", "interviewing"),
        ("Kavak", "Uzman", "2026-03-06", "rejected"),
        ("Söğüt", "Asistan", "2026-03-07", "applied"),
    ]


def test_a_chinese_tracker_reads_rounds_and_slang() -> None:
    assert answers("""
公司|岗位|投递日期|进度|备注
青松科技|后端工程师|2026年3月5日|一面挂|
白杨集团|产品经理|2026年3月6日|二面|
银杏|算法实习|3月7日|笔试|
水杉|运营||未投递|
云杉|测试|2026年3月9日|已oc|
""") == [
        ("青松科技", "后端工程师", "2026-03-05", "rejected"),
        ("白杨集团", "产品经理", "2026-03-06", "interviewing"),
        ("银杏", "算法实习", "2026-03-07", "screening"),
        ("水杉", "运营", None, "saved"),
        ("云杉", "测试", "2026-03-09", "offer"),
    ]


def test_a_japanese_tracker_reads_its_words() -> None:
    assert answers("""
会社名|職種|応募日|選考状況
山桜株式会社|エンジニア|2026/04/01|書類選考中
松風|営業|2026/04/02|不採用
梅林|事務|2026/04/03|一次面接
竹内|デザイナー|2026/04/04|内定
""") == [
        ("山桜株式会社", "エンジニア", "2026-04-01", "screening"),
        ("松風", "営業", "2026-04-02", "rejected"),
        ("梅林", "事務", "2026-04-03", "interviewing"),
        ("竹内", "デザイナー", "2026-04-04", "offer"),
    ]


def test_an_italian_and_a_dutch_tracker_read_their_words() -> None:
    assert answers("""
Azienda|Posizione|Data candidatura|Stato
Querceto Srl|Impiegata|22/06/2026|Candidatura inviata
Faggeta|Ingegnere|03/06/2026|Colloquio fissato
Pineta|Addetto|04/06/2026|Nessuna risposta
""") == [
        ("Querceto Srl", "Impiegata", "2026-06-22", "applied"),
        ("Faggeta", "Ingegnere", "2026-06-03", "interviewing"),
        ("Pineta", "Addetto", "2026-06-04", "applied"),
    ]
    assert answers("""
Bedrijf|Functie|Gesolliciteerd op|Status
Eikenhof BV|Medewerker|23-07-2026|Afgewezen
Beukenrode|Adviseur|04-07-2026|Uitgenodigd voor gesprek
Wilgenstein|Beheerder|05-07-2026|Geen reactie
""") == [
        ("Eikenhof BV", "Medewerker", "2026-07-23", "rejected"),
        ("Beukenrode", "Adviseur", "2026-07-04", "interviewing"),
        ("Wilgenstein", "Beheerder", "2026-07-05", "applied"),
    ]


def test_a_polish_tracker_reads_month_names() -> None:
    assert answers("""
Firma|Stanowisko|Data wysłania CV|Etap
Dąbrowa|Specjalista|3 marca 2026|Wysłano CV
Brzezina|Kierownik|14 kwietnia 2026|Rozmowa kwalifikacyjna
Jesion|Asystentka|15 maja 2026|Odmowa
""") == [
        ("Dąbrowa", "Specjalista", "2026-03-03", "applied"),
        ("Brzezina", "Kierownik", "2026-04-14", "interviewing"),
        ("Jesion", "Asystentka", "2026-05-15", "rejected"),
    ]


def test_the_template_with_submitted_dates_keeps_its_unused_rows_out() -> None:
    unused = ["N/A", "N/A", "N/A", "N/A", "N/A", "N/A", "N/A", "N/A"]
    rows = [
        ["Company Name", "Application Status", "Role", "Salary", "Date Submitted", "Link to Job Req",
         "Rejection Reason", "Notes"],
        ["Oakmere", "Submitted", "Analyst", 65000, date(2026, 1, 5), "https://o.example", "N/A", ""],
        ["Elmstead", "Rejected", "Designer", "N/A", date(2026, 1, 6), "https://e.example", "Overfit", ""],
        ["Ashby Vale", "Interviewing", "Planner", "N/A", date(2026, 1, 7), "N/A", "N/A", "N/A"],
        *[unused] * 30,
    ]  # fmt: skip
    applications, rejected = outcome_of(document_of(grid(rows, sheet="Tracker"), container="xlsx"))
    assert [(one.company, str(one.stage), one.applied_on) for one in applications] == [
        ("Oakmere", "applied", date(2026, 1, 5)),
        ("Elmstead", "rejected", date(2026, 1, 6)),
        ("Ashby Vale", "interviewing", date(2026, 1, 7)),
    ]
    assert rejected == []


def test_the_template_with_group_rows_and_check_boxes_finds_its_header_in_row_three() -> None:
    rows = [
        ["JOB SEARCH 2026"] * 9,
        ["ABOUT THE JOB"] * 4 + ["APPLICATION"] * 3 + ["INTERVIEW"] * 2,
        ["COMPANY", "ROLE", "LOCATION", "LINK", "DATE APPLIED", "RESUME SENT", "STATUS", "DATE", "LOCATION"],
        [
            "Oakmere",
            "Analyst",
            "Leeds",
            "https://oakmere.example/a",
            date(2026, 2, 3),
            True,
            "Applied",
            None,
            None,
        ],
        [
            "Elmstead",
            "Editor",
            "York",
            None,
            date(2026, 2, 4),
            True,
            "Interview",
            date(2026, 2, 20),
            "Online",
        ],
        *[[None, None, None, None, None, False, None, None, None]] * 40,
    ]
    lists = [["Status", "Source"], ["Applied", "Board"], ["Interview", "Friend"], ["Rejected", "Web"]]
    document = document_of(grid(rows, sheet="Tracker"), grid(lists, sheet="Drop Downs"), container="xlsx")
    applications, rejected = outcome_of(document)
    assert [(one.row, one.company, one.location, str(one.stage), one.applied_on) for one in applications] == [
        (4, "Oakmere", "Leeds", "applied", date(2026, 2, 3)),
        (5, "Elmstead", "York", "interviewing", date(2026, 2, 4)),
    ]
    assert rejected == []


def test_a_group_row_tells_whose_name_and_mail_it_is() -> None:
    rows = [
        ["Company", "Company", "Recruiter", "Recruiter", "Application", "Application"],
        ["Name", "Website", "Name", "Email", "Date", "Status"],
        ["Oakmere", "oakmere.example", "Ida Lund", "ida@oakmere.example", date(2026, 2, 3), "Applied"],
        ["Elmstead", "elmstead.example", "Per Holm", "per@elmstead.example", date(2026, 2, 4), "Rejected"],
        ["Ashby Vale", "ashbyvale.example", "Ann Dale", "ann@ashbyvale.example", date(2026, 2, 5), "Offer"],
    ]
    applications, _ = outcome_of(document_of(grid(rows)))
    assert [(one.company, one.contact_name, one.contact_email, str(one.stage)) for one in applications] == [
        ("Oakmere", "Ida Lund", "ida@oakmere.example", "applied"),
        ("Elmstead", "Per Holm", "per@elmstead.example", "rejected"),
        ("Ashby Vale", "Ann Dale", "ann@ashbyvale.example", "offer"),
    ]


def test_two_tables_with_different_headers_in_one_sheet_are_both_read() -> None:
    assert answers("""
Active applications
Company|Position|Date Applied|Status
Oakmere|Analyst|2026-03-01|Interview
Elmstead|Editor|2026-03-02|Applied

Rejected applications
Job Title|Employer|Applied On|Outcome|Reason
Planner|Ashby Vale|2026-01-15|Rejected|Experience
Clerk|Birchwell|2026-01-16|Rejected|
""") == [
        ("Oakmere", "Analyst", "2026-03-01", "interviewing"),
        ("Elmstead", "Editor", "2026-03-02", "applied"),
        ("Ashby Vale", "Planner", "2026-01-15", "rejected"),
        ("Birchwell", "Clerk", "2026-01-16", "rejected"),
    ]


def test_a_header_that_repeats_itself_as_data_is_passed() -> None:
    assert answers("""
Company|Role|Date|Status
Oakmere|Analyst|2026-03-01|Applied
Company|Role|Date|Status
Elmstead|Editor|2026-03-02|Rejected
""") == [("Oakmere", "Analyst", "2026-03-01", "applied"), ("Elmstead", "Editor", "2026-03-02", "rejected")]


def test_one_date_per_stage_gives_the_furthest_stage() -> None:
    assert answers("""
Company|Role|Applied|Phone Screen|Interview|Offer|Rejected
Oakmere|Analyst|2026-03-01|2026-03-05|||
Elmstead|Editor|2026-03-02|2026-03-06|2026-03-12||
Ashby Vale|Planner|2026-03-03||||2026-03-20
Birchwell|Clerk|2026-03-04||||
Cedarholm|Nurse|2026-03-05|2026-03-06|2026-03-10|2026-03-15|
""") == [
        ("Oakmere", "Analyst", "2026-03-01", "screening"),
        ("Elmstead", "Editor", "2026-03-02", "interviewing"),
        ("Ashby Vale", "Planner", "2026-03-03", "rejected"),
        ("Birchwell", "Clerk", "2026-03-04", "applied"),
        ("Cedarholm", "Nurse", "2026-03-05", "offer"),
    ]


def test_a_decision_beats_the_stage() -> None:
    assert answers("""
Employer|Vacancy|Applied Date|Stage|Decision
Oakmere|Analyst|2026-03-01|Technical Interview|Rejected
Elmstead|Editor|2026-03-02|Interview|
Ashby Vale|Planner|2026-03-03|Final Round|Offer
Birchwell|Clerk|2026-03-04|Applied|Pending
Cedarholm|Nurse|2026-03-05|Offer|Declined by me
""") == [
        ("Oakmere", "Analyst", "2026-03-01", "rejected"),
        ("Elmstead", "Editor", "2026-03-02", "interviewing"),
        ("Ashby Vale", "Planner", "2026-03-03", "offer"),
        ("Birchwell", "Clerk", "2026-03-04", "applied"),
        ("Cedarholm", "Nurse", "2026-03-05", "withdrawn"),
    ]


def test_yes_and_no_per_round_give_the_furthest_round() -> None:
    assert answers(
        """
name,role,applied,online assessment,interview,offer,rejected,offer declined
Oakmere,Analyst,2026-03-01,Yes,No,No,No,No
Elmstead,Editor,2026-03-02,Yes,Yes,No,No,No
Ashby Vale,Planner,2026-03-03,No,No,No,Yes,No
Birchwell,Clerk,2026-03-04,No,No,No,No,No
Cedarholm,Nurse,2026-03-05,Yes,Yes,Yes,No,Yes
""",
        mark=",",
    ) == [
        ("Oakmere", "Analyst", "2026-03-01", "screening"),
        ("Elmstead", "Editor", "2026-03-02", "interviewing"),
        ("Ashby Vale", "Planner", "2026-03-03", "rejected"),
        ("Birchwell", "Clerk", "2026-03-04", "applied"),
        ("Cedarholm", "Nurse", "2026-03-05", "withdrawn"),
    ]


def test_crosses_and_circles_in_a_grid_of_rounds() -> None:
    assert answers("""
公司|岗位|投递时间|笔试|一面|二面
青松|后端|2026-03-01|√|×|
白杨|前端|2026-03-02|√|√|
银杏|测试|2026-03-03|||
""") == [
        ("青松", "后端", "2026-03-01", "rejected"),
        ("白杨", "前端", "2026-03-02", "interviewing"),
        ("银杏", "测试", "2026-03-03", "applied"),
    ]


def test_archived_without_an_ending_is_closed() -> None:
    assert answers(
        """
company_name,role,url,applied_at,status,archived_at
Oakmere,Analyst,https://oakmere.example/1,2026-03-01T08:00:00Z,applied,2026-04-01T08:00:00Z
Elmstead,Editor,https://elmstead.example/2,2026-03-02T08:00:00Z,interviewing,
Ashby Vale,Planner,https://ashbyvale.example/3,,bookmarked,
Birchwell,Clerk,https://birchwell.example/4,2026-03-03T08:00:00Z,negotiating,
""",
        mark=",",
    ) == [
        ("Oakmere", "Analyst", "2026-03-01", "closed"),
        ("Elmstead", "Editor", "2026-03-02", "interviewing"),
        ("Ashby Vale", "Planner", None, "saved"),
        ("Birchwell", "Clerk", "2026-03-03", "offer"),
    ]


def test_a_status_that_is_a_printed_record_is_read_by_its_name() -> None:
    rows = [
        ["company_name", "role", "applied_at", "status", "statusName"],
        ["Oakmere", "Analyst", "2026-03-01T08:00:00Z", '{"name":"interviewing","archived_at":""}', ""],
        ["Elmstead", "Editor", "", '{"name":"bookmarked","archived_at":""}', ""],
        ["Ashby Vale", "Planner", "2026-03-02T08:00:00Z", '{"name":"applied","archived_at":""}', ""],
    ]
    assert answers_of(document_of(grid(rows))) == [
        ("Oakmere", "Analyst", "2026-03-01", "interviewing"),
        ("Elmstead", "Editor", None, "saved"),
        ("Ashby Vale", "Planner", "2026-03-02", "applied"),
    ]


def test_a_list_without_header_is_read_by_its_values() -> None:
    assert answers(
        """
Oakmere Ltd,Data Analyst,03/25/2026,Rejected,https://oakmere.example/1
Elmstead,Software Engineer,04/02/2026,Applied,https://elmstead.example/2
Ashby Vale,Product Manager,04/03/2026,Interview,https://ashbyvale.example/3
Birchwell Inc,Office Assistant,04/04/2026,Applied,https://birchwell.example/4
""",
        mark=",",
    ) == [
        ("Oakmere Ltd", "Data Analyst", "2026-03-25", "rejected"),
        ("Elmstead", "Software Engineer", "2026-04-02", "applied"),
        ("Ashby Vale", "Product Manager", "2026-04-03", "interviewing"),
        ("Birchwell Inc", "Office Assistant", "2026-04-04", "applied"),
    ]


def test_comments_before_a_list_without_header_are_passed() -> None:
    assert answers(
        """
# applications of this year
# company, role, day, status
Oakmere,Data Analyst,2026-03-25,applied
Elmstead,Junior Engineer,2026-04-02,rejected
Birchwell,Sales Assistant,2026-04-04,applied
""",
        mark=",",
    ) == [
        ("Oakmere", "Data Analyst", "2026-03-25", "applied"),
        ("Elmstead", "Junior Engineer", "2026-04-02", "rejected"),
        ("Birchwell", "Sales Assistant", "2026-04-04", "applied"),
    ]


def test_emoji_statuses_are_read_by_word_or_sign() -> None:
    assert answers("""
Company|Role|Applied|Status
Oakmere|Analyst|2026-03-01|✅ Applied
Elmstead|Editor|2026-03-02|❌ Rejected
Ashby Vale|Planner|2026-03-03|📞 Phone screen
Birchwell|Clerk|2026-03-04|❌
Cedarholm|Nurse|2026-03-05|🎉 Offer!
Dunmore|Buyer||🤔 Maybe
""") == [
        ("Oakmere", "Analyst", "2026-03-01", "applied"),
        ("Elmstead", "Editor", "2026-03-02", "rejected"),
        ("Ashby Vale", "Planner", "2026-03-03", "screening"),
        ("Birchwell", "Clerk", "2026-03-04", "rejected"),
        ("Cedarholm", "Nurse", "2026-03-05", "offer"),
        ("Dunmore", "Buyer", None, "saved"),
    ]


def test_misspelt_statuses_are_understood_where_there_is_no_doubt() -> None:
    assert [
        answer[3]
        for answer in answers("""
Company|Potion|Date Applied|Status
Oakmere|Analyst|2026-03-01|Rejcted
Elmstead|Editor|2026-03-02|Intervew
Ashby Vale|Planner|2026-03-03|Aplied
Birchwell|Clerk|2026-03-04|Rejection :(
Cedarholm|Nurse|2026-03-05|ccepted
Dunmore|Buyer|2026-03-06|blorp
""")
    ] == ["rejected", "interviewing", "applied", "rejected", "accepted", "unknown"]


def test_statuses_that_are_sentences_are_read_by_safe_phrases() -> None:
    assert [
        answer[3]
        for answer in answers("""
Company|Role|Date|Status
Oakmere|Analyst|2026-03-01|Rejected after second interview
Elmstead|Editor|2026-03-02|Sent CV by mail, waiting for a reply
Ashby Vale|Planner|2026-03-03|Interview scheduled for next Tuesday
Birchwell|Clerk|2026-03-04|They said the position has been filled
Cedarholm|Nurse|2026-03-05|Ghosted after phone screen
Dunmore|Buyer|2026-03-06|I withdrew my application
Eastley|Cook|2026-03-07|Need to apply before Friday
Fenwick|Baker|2026-03-08|Uncle knows the owner
""")
    ] == ["rejected", "applied", "interviewing", "closed", "screening", "withdrawn", "saved", "unknown"]


def test_the_dashboard_before_the_list_is_passed_over() -> None:
    dashboard = [["My job search"], [], ["Applied", 12], ["Interviews", 3], ["Rejected", 4]]
    pivot = [["Row Labels", "Count of Company"], ["Applied", 12], ["Rejected", 4], ["Grand Total", 16]]
    summary = [["Status", "Count"], ["Applied", 12], ["Rejected", 4]]
    tracker = [
        ["Company", "Job Title", "Date Applied", "Status"],
        ["Oakmere", "Analyst", datetime(2026, 3, 1), "Applied"],  # noqa: DTZ001
        ["Elmstead", "Editor", datetime(2026, 3, 2), "Rejected"],  # noqa: DTZ001
        ["Total", 2, None, None],
    ]
    document = document_of(
        grid(dashboard, sheet="Dashboard"), grid(pivot, sheet="Pivot"), grid(summary, sheet="Summary"),
        grid(tracker, sheet="List"), container="xlsx",
    )  # fmt: skip
    applications, rejected = outcome_of(document)
    assert [(one.sheet, one.company) for one in applications] == [("List", "Oakmere"), ("List", "Elmstead")]
    assert [one.reason for one in rejected] == ["totals row"]


def test_one_sheet_a_month_is_read_from_all_of_them() -> None:
    head = ["Company", "Position", "Date", "Status"]
    january = [head, ["Oakmere", "Analyst", date(2026, 1, 5), "Rejected"]]
    february = [head, ["Elmstead", "Editor", date(2026, 2, 5), "Applied"]]
    document = document_of(grid(january, sheet="Jan"), grid(february, sheet="Feb"), container="xlsx")
    assert answers_of(document) == [
        ("Oakmere", "Analyst", "2026-01-05", "rejected"),
        ("Elmstead", "Editor", "2026-02-05", "applied"),
    ]


def test_dates_of_posting_finding_and_deadline_are_never_days_of_application() -> None:
    assert answers(
        """
company,title,date_posted,date_found,deadline,status,url
Oakmere,Analyst,2026-03-01,2026-03-02,2026-04-01,applied,https://oakmere.example/1
Elmstead,Editor,2026-03-01,2026-03-02,2026-04-01,new,https://elmstead.example/2
""",
        mark=",",
    ) == [("Oakmere", "Analyst", None, "applied"), ("Elmstead", "Editor", None, "saved")]


def test_company_and_role_in_one_card_are_taken_apart() -> None:
    assert answers(
        """
Card ID,Card Name,List Name,Due Date,Archived
a1,Analyst at Oakmere,Applied,,false
a2,Editor at Elmstead,Interview,,false
a3,Planner at Ashby Vale,Rejected,,true
""",
        mark=",",
    ) == [
        ("Oakmere", "Analyst", None, "applied"),
        ("Elmstead", "Editor", None, "interviewing"),
        ("Ashby Vale", "Planner", None, "rejected"),
    ]


def test_a_short_form_of_a_board_reads_its_list_as_stage() -> None:
    assert answers(
        """
Employer,Job Title,List,URL,Location,Salary,Date Saved,Notes
Oakmere,Analyst,Wishlist,https://oakmere.example/1,Leeds,,2026-03-01,
Elmstead,Editor,Applied,https://elmstead.example/2,York,,2026-03-02,
""",
        mark=",",
    ) == [("Oakmere", "Analyst", None, "saved"), ("Elmstead", "Editor", "2026-03-02", "applied")]


def test_an_applications_list_without_status_is_applied() -> None:
    assert answers(
        """
Applied Date,Company,Title,URL,Notes
3/30/2026,Oakmere,Analyst,https://oakmere.example/1,N/A
4/1/2026,Elmstead,Editor,N/A,N/A
""",
        mark=",",
    ) == [("Oakmere", "Analyst", "2026-03-30", "applied"), ("Elmstead", "Editor", "2026-04-01", "applied")]


def test_a_keepers_tracker_with_channel_and_contact_person() -> None:
    applications, _ = outcome_of(
        document_of(
            table_of(
                """
date,company,sector,role,role_type,channel,status,contact_person,fit_rating,notes,source
2026-03-01,Oakmere,Energy,Analyst,Full-time,Portal,applied,Ida Lund,4,,board
2026-03-02,Elmstead,Media,Editor,Full-time,Mail,rejected,,3,,board
""",
                mark=",",
            )
        )
    )
    assert [(one.company, one.job_title, one.contact_name, str(one.stage)) for one in applications] == [
        ("Oakmere", "Analyst", "Ida Lund", "applied"),
        ("Elmstead", "Editor", None, "rejected"),
    ]


def test_dates_without_a_year_take_it_from_the_rows_beside_them() -> None:
    assert answers("""
Company|Role|Date Applied|Status|Last Updated
Oakmere|Analyst|8-Jul|Applied|2026-07-20
Elmstead|Editor|12-Jul|Rejected|2026-07-25
""") == [("Oakmere", "Analyst", "2026-07-08", "applied"), ("Elmstead", "Editor", "2026-07-12", "rejected")]


def test_odd_dates_are_read_with_their_column() -> None:
    assert [
        answer[2]
        for answer in answers("""
Company|Role|Date Applied|Status
Oakmere|Analyst|8/5/2019 & 8/14/2019|Applied
Elmstead|Editor|8/82019|Applied
Ashby Vale|Planner|9/29/2019|Applied
Birchwell|Clerk|0000-00-00|Applied
Cedarholm|Nurse|null|Applied
Dunmore|Buyer|September 20, 2025 → September 24, 2025|Applied
Eastley|Cook|/Date(1673884433000+0000)/|Applied
""")
    ] == ["2019-08-05", "2019-08-08", "2019-09-29", None, None, "2025-09-20", "2023-01-16"]


def test_a_text_in_the_date_column_may_be_the_status() -> None:
    assert answers("""
Company|Role|Date Applied
Oakmere|Analyst|2026-03-01
Elmstead|Editor|Not applied
Ashby Vale|Planner|Rejected
Birchwell|Clerk|2026-03-02
""") == [
        ("Oakmere", "Analyst", "2026-03-01", "applied"),
        ("Elmstead", "Editor", None, "saved"),
        ("Ashby Vale", "Planner", None, "rejected"),
        ("Birchwell", "Clerk", "2026-03-02", "applied"),
    ]


def test_rows_slipped_by_a_comma_are_put_right() -> None:
    applications, _ = outcome_of(
        document_of(
            table_of(
                """
Company,Role,Location,Date Applied,Status
Oakmere,Analyst,Leeds,2026-03-01,Applied
Elmstead,Editor,York, North Yorkshire,2026-03-02,Rejected
Ashby Vale,Planner,Hull,2026-03-03,Interview
""",
                mark=",",
            )
        )
    )
    assert [(one.location, str(one.stage), one.flags) for one in applications] == [
        ("Leeds", "applied", ()),
        ("York, North Yorkshire", "rejected", ("columns_shifted",)),
        ("Hull", "interviewing", ()),
    ]


def test_the_applicants_own_address_never_becomes_a_contact() -> None:
    applications, _ = outcome_of(
        document_of(
            table_of("""
Application Date|Contact Email|Contact Phone Number|Company Name|Job Title|Job Url
1/5/26, 3:04 AM|me@mailbox.example|+15550100|Oakmere|Analyst|http://www.linkedin.com/jobs/view/4070192152
1/15/26, 3:04 AM|me@mailbox.example|+15550100|Elmstead|Editor|http://www.linkedin.com/jobs/view/4070192153
1/16/26, 3:04 AM|me@mailbox.example|N/A|Ashby Vale|Planner|http://www.linkedin.com/jobs/view/4070192154
1/17/26, 3:04 AM|me@mailbox.example|+15550100|Birchwell|Clerk|http://www.linkedin.com/jobs/view/4070192155
""")
        )
    )
    assert [(one.contact_email, one.contact_phone) for one in applications] == [(None, None)] * 4
    assert [one.external_id for one in applications][:2] == ["4070192152", "4070192153"]


def test_candidates_of_one_employer_are_contacts_and_their_employer_is_no_company() -> None:
    applications, _ = outcome_of(
        document_of(
            table_of(
                """
Application ID,First Name,Last Name,Email,Job Title,Stage,Applied On,Candidate Source
901,Ida,Lund,ida@mailbox.example,Analyst,Phone Screen,2026-03-01,Career site
902,Per,Holm,per@mailbox.example,Editor,Hired,2026-03-02,Referral
903,Ann,Dale,ann@mailbox.example,Analyst,New,2026-03-03,Career site
""",
                mark=",",
            )
        )
    )
    assert [(one.company, one.contact_name, one.external_id, str(one.stage)) for one in applications] == [
        (None, "Ida Lund", "901", "screening"),
        (None, "Per Holm", "902", "accepted"),
        (None, "Ann Dale", "903", "applied"),
    ]


def test_a_row_number_is_no_external_id_and_a_pandas_index_no_column() -> None:
    applications, _ = outcome_of(
        document_of(
            table_of(
                """
,Sl No,Company,Role,Status
0,1,Oakmere,Analyst,Applied
1,2,Elmstead,Editor,Rejected
2,3,Ashby Vale,Planner,Applied
""",
                mark=",",
            )
        )
    )
    assert [(one.company, one.external_id) for one in applications] == [
        ("Oakmere", None), ("Elmstead", None), ("Ashby Vale", None),
    ]  # fmt: skip


def test_exact_repeats_are_told_and_other_days_are_other_applications() -> None:
    applications, rejected = outcome_of(
        document_of(
            table_of("""
Company|Role|Date Applied|Status
Oakmere|Analyst|2026-03-01|Rejected
Oakmere|Analyst|2026-03-01|Rejected
Oakmere|Analyst|2026-05-01|Applied
""")
        )
    )
    assert [one.row for one in applications] == [2, 4]
    assert [(one.row, one.reason) for one in rejected] == [(3, "duplicate of row 2")]


@pytest.mark.parametrize(
    "text",
    [
        "Company|Applications\nOakmere|3\nElmstead|2",
        "candidate_id|job_id|recruiter_id|status\n11|901|7|Applied\n12|902|7|Rejected",
        "event_id|application_id|stage_name|stage_date\n1|7|Applied|2026-01-01\n2|7|Interview|2026-01-09",
        "2026-01-01|2026-01-02|2026-01-03|2026-01-04|2026-01-05|2026-01-06\nOakmere|Elmstead|Ash|Birch|Cedar|Dune",
    ],
)
def test_what_cannot_be_read_row_by_row_is_refused_with_an_explanation(text: str) -> None:
    with pytest.raises(SourceError) as refused:
        answers(text)
    assert refused.value.message
    assert refused.value.hint


def test_days_that_were_stored_as_numbers_without_a_year_are_applications_without_a_day() -> None:
    applications, _ = outcome_of(document_of(grid([
        ["Company", "Position", "Date", "Response"],
        ["Oakmere", "Analyst", 3.04, None],
        ["Elmstead", "Editor", 3.1, "Rejected"],
        ["Ashby Vale", "Planner", 4.15, "Interview"],
    ])))  # fmt: skip
    assert [(one.applied_on, str(one.stage)) for one in applications] == [
        (None, "applied"),
        (None, "rejected"),
        (None, "interviewing"),
    ]
    assert all("year_missing" in one.flags for one in applications)


def test_instructions_under_the_header_of_an_import_sheet_are_no_candidates() -> None:
    applications, rejected = outcome_of(
        document_of(
            table_of("""
Name|Email|Phone|Job|Stage|Applied date
Full name of the candidate|A valid address|With country code|Title of the job|One of your stages|YYYY-MM-DD
Required|Required|Optional|Required|Optional|Optional
Ida Lund|ida.lund@mailbox.example|+1 555 0101|Analyst|Interview|2026-03-01
Per Holm|per.holm@mailbox.example|+1 555 0102|Editor|Applied|2026-03-02
""")
        )
    )
    assert [(one.company, one.contact_name, str(one.stage)) for one in applications] == [
        (None, "Ida Lund", "interviewing"),
        (None, "Per Holm", "applied"),
    ]
    assert [(one.row, one.reason) for one in rejected] == [(2, "instruction row"), (3, "instruction row")]


def test_a_city_behind_a_bullet_is_taken_off_the_company() -> None:
    assert [
        answer[0]
        for answer in answers("""
Company|Title|Applied|Status
Oakmere • Leeds|Analyst|2026-03-01|Applied
Elmstead • York|Editor|2026-03-02|Applied
""")
    ] == ["Oakmere", "Elmstead"]


def test_headings_and_totals_between_the_rows_are_told_and_left_out() -> None:
    applications, rejected = outcome_of(
        document_of(
            table_of("""
Company|Role|Date Applied|Status
March 2026|||
Oakmere|Analyst|2026-03-01|Applied
April 2026|||
Elmstead|Editor|2026-04-01|Applied
Total|2||
""")
        )
    )
    assert [one.company for one in applications] == ["Oakmere", "Elmstead"]
    assert [one.row for one in rejected] == [2, 4, 6]


def test_a_column_of_printed_lists_tells_the_last_round() -> None:
    assert [
        answer[3]
        for answer in answers(
            """
Company,Position,Applied,Interviews
Oakmere,Analyst,2026-03-01,"['Phone Screen', 'Onsite']"
Elmstead,Editor,2026-03-02,[]
""",
            mark=",",
        )
    ] == ["interviewing", "applied"]


def test_a_board_export_takes_the_day_of_creation_and_says_so() -> None:
    applications, _ = outcome_of(
        document_of(
            table_of(
                """
id,createdAt,title,url,lastMovedAt,boardID,listName,companyName,companyDomain,creatorUserEmail
5f1,2026-03-01T10:00:00Z,Analyst,https://b.example/1,2026-03-05,b1,Applied,Oakmere,oakmere.example,me@m.example
5f2,2026-03-02T10:00:00Z,Editor,https://b.example/2,2026-03-05,b1,Wishlist,Elmstead,elmstead.example,me@m.example
5f3,2026-03-03T10:00:00Z,Planner,https://b.example,2026-03-05,b1,Interview,Ashby Vale,a.example,me@m.example
""",
                mark=",",
            )
        )
    )
    assert [
        (one.applied_on, str(one.stage), one.company_domain, one.contact_email) for one in applications
    ] == [
        (date(2026, 3, 1), "applied", "oakmere.example", None),
        (None, "saved", "elmstead.example", None),
        (date(2026, 3, 3), "interviewing", "a.example", None),
    ]
    assert applications[0].flags == ("applied_from_created",)
