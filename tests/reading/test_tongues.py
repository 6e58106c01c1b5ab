"""Trackers in languages that came after the first ones: headers, status words and written months."""

from __future__ import annotations

from datetime import date

import pytest

from crm_sync.reading.dates import interpret
from tests.reading.grids_by_hand import Answer, answers

_STAGES = ("applied", "interviewing", "rejected", "offer", "saved")
_DAYS = ("2026-03-04", "2026-03-17", "2026-03-18", "2026-03-19", None)

HUNGARIAN = """
Cég|Pozíció|Jelentkezés dátuma|Állapot
Fűzfás|Technológus|2026. 03. 04.|Jelentkeztem
Nyíres|Beszerző|2026. 03. 17.|Interjú
Tölgyes|Könyvelő|2026. 03. 18.|Elutasítva
Bükkös|Mester|2026. 03. 19.|Ajánlat
Hársas|Gondnok||Tervezett
"""
UKRAINIAN = """
Компанія|Посада|Дата подачі|Статус
Вербове|Технолог|04.03.2026|Подано
Березове|Закупівельник|17.03.2026|Співбесіда
Дубове|Бухгалтер|18.03.2026|Відмова
Букове|Майстер|19.03.2026|Пропозиція
Липове|Сторож||Збережено
"""
RUSSIAN = """
Компания|Вакансия|Дата отклика|Статус
Ивушка|Технолог|4 марта 2026|Отклик отправлен
Берёзка|Закупщик|17 марта 2026|Собеседование
Дубрава|Бухгалтер|18 марта 2026|Отказ
Буковка|Мастер|19 марта 2026|Оффер
Липки|Сторож||Сохранено
"""
ARABIC = """
الشركة|الوظيفة|تاريخ التقديم|الحالة
صفصاف|مهندس|2026-03-04|تم التقديم
بتولا|مشتريات|2026-03-17|مقابلة
بلوط|محاسب|2026-03-18|مرفوض
زان|مشرف|2026-03-19|عرض
زيزفون|حارس||محفوظ
"""
INDONESIAN = """
Perusahaan|Posisi|Tanggal Melamar|Status
Dedalu|Staf Produksi|4 Maret 2026|Sudah dilamar
Birka|Pembelian|17 Maret 2026|Wawancara
Oka|Akuntan|18 Maret 2026|Ditolak
Beka|Mandor|19 Maret 2026|Penawaran
Lindu|Penjaga||Disimpan
"""
TRADITIONAL_CHINESE = """
公司|職位|投遞日期|狀態
柳樹行|製程工程師|2026/3/4|已投遞
樺木坊|採購|2026/3/17|面試
橡木社|會計|2026/3/18|未錄取
山毛櫸|領班|2026/3/19|錄取通知
椴樹店|守衛||想投遞
"""
ROMANIAN = """
Companie|Poziție|Data aplicării|Stare
Salcia|Tehnolog|04.03.2026|Am aplicat
Mestecăn|Achizitor|17.03.2026|Interviu
Stejar|Contabil|18.03.2026|Respins
Fagul|Maistru|19.03.2026|Ofertă primită
Teiul|Paznic||De aplicat
"""
SWEDISH = """
Företag|Tjänst|Sökt datum|Status
Almby|Planerare|2026-03-04|Ansökan skickad
Björkby|Inköpare|2026-03-17|Kallad till intervju
Ekby|Bokförare|2026-03-18|Fick nej
Lindby|Förman|2026-03-19|Erbjuden jobbet
Askby|Montör||Ska söka
"""
NORWEGIAN = """
Arbeidsgiver|Stilling|Søknad sendt|Status
Almeby|Planlegger|04.03.2026|Søknad sendt
Bjørkeby|Innkjøper|17.03.2026|Intervju avtalt
Eikeby|Regnskapsfører|18.03.2026|Avslag
Lindeby|Formann|19.03.2026|Jobbtilbud
Askeby|Montør||Skal søke
"""
GREEK = """
Εταιρεία|Θέση|Ημερομηνία αίτησης|Κατάσταση
Φτελιά|Σχεδιαστής|04/03/2026|Έστειλα αίτηση
Σημύδα|Αγοραστής|17/03/2026|Συνέντευξη
Δρυς|Λογιστής|18/03/2026|Απορρίφθηκε
Φλαμουριά|Επιστάτης|19/03/2026|Προσφορά
Φράξος|Τεχνικός||Να στείλω
"""
VIETNAMESE = """
Công ty|Vị trí|Ngày ứng tuyển|Trạng thái
Cây Du|Kế hoạch|04/03/2026|Đã ứng tuyển
Bạch Dương|Mua hàng|17/03/2026|Phỏng vấn vòng 1
Cây Sồi|Kế toán|18/03/2026|Bị từ chối
Cây Đoạn|Tổ trưởng|19/03/2026|Nhận offer
Tần Bì|Thợ máy||Chưa ứng tuyển
"""
HEBREW = """
חברה|תפקיד|תאריך הגשה|סטטוס
בוקיצה|מתכנן|04/03/2026|הוגש
ליבנה|קניין|17/03/2026|ראיון
אלון|חשב|18/03/2026|נדחה
טיליה|מנהל|19/03/2026|הצעה
מילה|טכנאי||להגיש
"""
BULGARIAN = """
Фирма|Длъжност|Дата на кандидатстване|Статус
Бряст|Плановик|04.03.2026|Кандидатствах
Бреза|Купувач|17.03.2026|Интервю
Дъб|Счетоводител|18.03.2026|Отказ
Липа|Майстор|19.03.2026|Оферта
Ясен|Техник||Предстои
"""
CROATIAN = """
Tvrtka|Radno mjesto|Datum prijave|Status
Brijest|Planer|04.03.2026.|Prijavljeno
Breza|Nabava|17.03.2026.|Razgovor
Hrast|Knjigovođa|18.03.2026.|Odbijeno
Lipa|Poslovođa|19.03.2026.|Ponuda
Jasen|Tehničar||Za prijaviti
"""
_ALL = (
    HUNGARIAN,
    UKRAINIAN,
    RUSSIAN,
    ARABIC,
    INDONESIAN,
    TRADITIONAL_CHINESE,
    ROMANIAN,
    SWEDISH,
    NORWEGIAN,
    GREEK,
    VIETNAMESE,
    HEBREW,
    BULGARIAN,
    CROATIAN,
)


def _expected(text: str) -> list[Answer]:
    rows = [line.split("|") for line in text.strip().split("\n")[1:]]
    return [(row[0], row[1], day, stage) for row, day, stage in zip(rows, _DAYS, _STAGES, strict=True)]


@pytest.mark.parametrize("text", _ALL, ids=lambda text: text.split("|")[0].strip())
def test_a_tracker_of_another_language_reads_its_words(text: str) -> None:
    assert answers(text) == _expected(text)


@pytest.mark.parametrize(
    "text",
    [
        "4 марта 2026",
        "4 березня 2026",
        "4. března 2026",
        "4. maaliskuuta 2026",
        "2026. március 4.",
        "4 martie 2026",
        "4 Maret 2026",
    ],
)
def test_months_are_read_in_many_languages(text: str) -> None:
    read = interpret(text)
    assert read is not None
    assert read.day == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("word", "stage"),
    [("Nog doen", "saved"), ("Quero me candidatar", "saved"), ("Favoritos", "saved"), ("Favoris", "saved")],
)
def test_what_somebody_only_means_to_do_is_saved(word: str, stage: str) -> None:
    assert answers(f"""
Company|Role|Applied on|Status
Willowby|Planner|2026-03-04|Applied
Birchby|Buyer||{word}
""")[1] == ("Birchby", "Buyer", None, stage)
