"""Text in the encodings that trackers are really saved in."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_sync.containers import open_document
from crm_sync.domain.tables import Document

SAMPLES = {
    "german": ("cp1252", "Firma;Stelle;Ort\nMüller GmbH;Geschäftsführer;Köln\nGroß AG;Bäcker;Zürich\n"),
    "french": ("cp1252", "Société,Poste\nÉlan Développement,Ingénieur\nÀ côté,Contrôleur\n"),
    "german and french": ("cp1252", "Firma;Ort\nMüller GmbH;Köln\nSociété Générale;Besançon\n"),
    "spanish": ("cp1252", "Empresa,Puesto,Estado\nTelefónica,Diseñador,Añadido\nEspaña SA,Señor,¿Qué?\n"),
    "portuguese": ("cp1252", "Empresa,Vaga\nPetrobrás,Programação\nItaú,Gestão de São João\n"),
    "english with signs": ("cp1252", "Company,Notes\nAcme,“great” – £40k – €50\nBeta,it’s fine…\n"),
    "icelandic": (
        "cp1252",
        "Fyrirtæki,Starf\nÍslandsbanki,Þjónusta við viðskiptavini\nBankinn,Sérfræðingur\n",
    ),
    "czech": (
        "cp1250",
        "Společnost;Pozice;Město\nŠkoda;Řidič nákladního vozu;Příbram\nDráhy;Průvodčí;Žďár\n",
    ),
    "czech iso": (
        "iso8859_2",
        "Společnost;Pozice;Město\nŠkoda;Řidič nákladního vozu;Příbram\nA;Průvodčí;Žďár\n",
    ),
    "polish": (
        "cp1250",
        "Firma;Stanowisko;Miasto\nŻabka;Kierownik działu sprzedaży;Łódź\nOrlen;Inżynier;Płock\n",
    ),
    "hungarian": ("cp1250", "Cég;Munkakör;Város\nOTP;Fejlesztő mérnök;Győr\nMOL;Ügyintéző;Szűcsi\n"),
    "turkish": (
        "cp1254",
        "Şirket;Pozisyon;Şehir\nTürk Hava;Yazılım Mühendisi;İstanbul\nKoç;Öğretmen;İzmir\n",
    ),
    "russian": ("cp1251", "Компания;Должность\nЯндекс;Инженер\nСбербанк;Аналитик\n"),
    "greek": ("cp1253", "Εταιρεία,Θέση\nΟΤΕ,Μηχανικός\nΔΕΗ,Αναλυτής\n"),
    "simplified chinese": ("gb18030", "公司,职位,状态\n示例科技,工程师,已投递\n样本网络,产品经理,面试中\n"),
    "traditional chinese": ("big5", "公司,職位,狀態\n範例電子,工程師,已投遞\n樣本精密,產品經理,面試中\n"),
    "japanese": ("cp932", "会社,職種,状況\n株式会社テスト,エンジニア,応募済み\nサンプル,営業,面接\n"),
    "japanese euc": ("euc_jp", "会社,職種,状況\n株式会社テスト,エンジニア,応募済み\nサンプル,営業,面接\n"),
    "korean": ("cp949", "회사,직무,상태\n견본전자,소프트웨어 엔지니어,지원 완료\n예시,디자이너,면접\n"),
}


def opened(tmp_path: Path, data: bytes) -> Document:
    path = tmp_path / "applications.csv"
    path.write_bytes(data)
    return open_document(path)


def text_of(document: Document) -> str:
    (table,) = document.tables
    return "\n".join((document.delimiter or "").join(map(str, row)) for row in table.rows) + "\n"


@pytest.mark.parametrize("name", SAMPLES)
def test_a_text_in_an_older_encoding_is_read_right_and_said_to_be_guessed(tmp_path: Path, name: str) -> None:
    encoding, text = SAMPLES[name]
    document = opened(tmp_path, text.encode(encoding))
    assert text_of(document) == text
    assert "guessed" in document.notes[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("name", ["german", "turkish", "english with signs"])
def test_unicode_is_read_right_with_and_without_a_mark(tmp_path: Path, encoding: str, name: str) -> None:
    text = SAMPLES[name][1]
    assert text_of(opened(tmp_path, text.encode(encoding))) == text


def test_utf_8_is_no_guess(tmp_path: Path) -> None:
    assert opened(tmp_path, "a,b\nMüller,č\n".encode()).notes == ()


def test_a_multibyte_character_on_the_border_of_a_piece_is_no_fault(tmp_path: Path) -> None:
    for shift in range(3):
        data = b"x" * shift + ("é,ü\n" * 300_000).encode()
        assert opened(tmp_path, data).encoding == "utf-8"


def test_a_few_western_bytes_in_a_utf_8_file_are_mended(tmp_path: Path) -> None:
    data = "Firma,Ort\nMüller,Köln\nGrößer,Zürich\n".encode() + "Bär,Rhön\n".encode("cp1252")
    document = opened(tmp_path, data)
    assert list(document.tables[0].rows[-1]) == ["Bär", "Rhön"]
    assert list(document.tables[0].rows[1]) == ["Müller", "Köln"]
    assert "no UTF-8" in document.notes[0]


def test_a_utf_8_file_cut_inside_a_character_is_still_utf_8(tmp_path: Path) -> None:
    document = opened(tmp_path, "Firma,Ort\nMüller,Köln\nGrößer,Zü".encode()[:-1])
    assert list(document.tables[0].rows[1]) == ["Müller", "Köln"]


def test_half_a_character_at_the_end_of_utf_16_is_replaced_and_told(tmp_path: Path) -> None:
    document = opened(tmp_path, "a,b\n1,2\n".encode("utf-16") + b"x")
    assert list(document.tables[0].rows[1]) == ["1", "2"]
    assert "replaced" in document.notes[0]


def test_foreign_bytes_far_from_the_end_are_found(tmp_path: Path) -> None:
    data = "Firma,Ort\nMüller,Köln\n".encode("cp1252") + b"Acme,Rome\n" * 250_000
    document = opened(tmp_path, data)
    assert document.encoding == "cp1252"
    assert list(document.tables[0].rows[1]) == ["Müller", "Köln"]
