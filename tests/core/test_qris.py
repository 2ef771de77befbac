"""QRIS codes beside two readers that are not ours: qriskit judges the text, zxing-cpp reads the picture."""

from io import BytesIO

import pytest
import qriskit
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from storefront.core import qr, qris
from storefront.core.qris import LIMIT, NotQris

HEAD = "26680016ID.CO.CONTOH.WWW01189360099000000000150215DEMO000000000010303UMI"
HEAD += "51440014ID.CO.QRIS.WWW0215ID10200000000010303UMI520459475303360"
TAIL = "5802ID5922GERAI KARYA WBP (DEMO)6006SERANG610542117"
STATIC = f"000201010211{HEAD}{TAIL}62070703A0163048440"
AMOUNT = f"000201010212{HEAD}5406125000{TAIL}62070703A016304E814"
REFERENCE = f"000201010212{HEAD}5406125000{TAIL}62260515WBP-260128-00070703A0163047A82"
WITH_FEES = (
    f"000201010212{HEAD}540550000550202560410{'0'}0{TAIL}62070703A016304AD08",
    f"000201010212{HEAD}54055000055020357032.5{TAIL}62070703A01630460A1",
    f"000201010212{HEAD}54055000055020{'1'}{TAIL}62070703A016304CC21",
)
EMVCO = (
    "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN"
    "5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***"
    "0708A60086670902ME91320016A0112233449988770708123456786304A13A"
)


def resealed(text: str) -> str:
    """A text with its own right checksum, whatever else is wrong."""
    return text + "6304" + qris.checksum(text + "6304")


BODY = STATIC[:-8]


def test_the_checksum_is_the_one_of_the_standard():
    assert qris.checksum("123456789") == "29B1"
    assert qris.checksum(EMVCO[:-4]) == EMVCO[-4:]


def test_a_static_code_says_who_is_paid():
    code = qris.read(STATIC)
    assert (code.name, code.nmid, code.city) == ("GERAI KARYA WBP (DEMO)", "ID1020000000001", "SERANG")
    assert code.static
    assert code.amount is None


def test_fields_may_come_in_any_order_and_be_no_ascii():
    fields = dict(qris.split(EMVCO))
    assert fields["59"] == "BEST TRANSPORT"
    assert dict(qris.split(fields["64"]))["01"] == "最佳运输"
    assert qris.join(qris.split(EMVCO)) == EMVCO
    with pytest.raises(NotQris, match="rupiah"):
        qris.read(EMVCO)  # yuan are not ours


def test_amount_and_reference_make_it_dynamic():
    assert qris.dynamic(STATIC, 125_000) == AMOUNT
    assert qris.dynamic(STATIC, 125_000, "WBP-260128-0007") == REFERENCE
    assert qris.read(REFERENCE).reference == "WBP-260128-0007"
    assert not qris.read(REFERENCE).static


def test_a_dynamic_code_can_be_the_source_again():
    assert qris.dynamic(REFERENCE, 125_000, "WBP-260128-0007") == REFERENCE
    assert qris.dynamic(AMOUNT, 99, "X")[-4:] != AMOUNT[-4:]


@pytest.mark.parametrize("source", WITH_FEES)
def test_no_tip_and_no_fee_survives(source):
    assert qris.read(source).amount == "50000"
    made = qris.dynamic(source, 125_000)
    assert not {"55", "56", "57"} & dict(qris.split(made)).keys()
    assert made == AMOUNT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "halo",
        STATIC[:-1],
        STATIC[:-1] + "1",
        STATIC.replace("SERANG", "SERING"),
        STATIC[:-8] + "6304M2B3",
        STATIC[:-8] + "63044E67",
        STATIC + "0",
        STATIC[6:],
        "٠٠" + STATIC[2:],
        resealed(BODY.replace("5303360", "5303840")),
        resealed(BODY.replace("5802ID", "5802SG")),
        resealed(BODY.replace("ID1020000000001", "IDX020000000001")),
        resealed(BODY.replace("0014ID.CO.QRIS.WWW", "0014ID.CO.CRIS.WWW")),
        resealed(BODY.replace("5922GERAI KARYA WBP (DEMO)", "")),
        resealed(BODY.replace("5922GERAI KARYA WBP (DEMO)", "5900")),
        resealed(BODY + "5802ID"),
        resealed(BODY.replace("62070703A01", "62070708A01")),
        resealed(BODY.replace("000201", "000202")),
        resealed(BODY + "8099" + "x" * 98),
        resealed(BODY + "".join(f"{tag}99" + "9504" * 24 + "xyz" for tag in range(81, 90))),
    ],
)
def test_what_is_broken_is_refused_in_words(text):
    with pytest.raises(NotQris) as refused:
        qris.read(text)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("amount", [0, -1, LIMIT + 1])
def test_the_limit_of_one_payment(amount):
    with pytest.raises(NotQris):
        qris.dynamic(STATIC, amount)
    assert qris.dynamic(STATIC, LIMIT)


@pytest.mark.parametrize("reference", ["x" * 26, "é", "\n", "😀"])
def test_a_reference_that_does_not_fit(reference):
    with pytest.raises(NotQris):
        qris.dynamic(STATIC, 1, reference)


LABELS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=25)


@given(st.integers(1, LIMIT), LABELS)
def test_any_amount_and_reference_come_back(amount, reference):
    made = qris.dynamic(STATIC, amount, reference)
    code = qris.read(made)
    assert (code.amount, code.reference, code.nmid) == (str(amount), reference, "ID1020000000001")
    assert qriskit.is_valid(made)
    theirs = qriskit.parse(made)
    assert int(theirs.amount) == amount
    assert theirs.merchant_name == "GERAI KARYA WBP (DEMO)"


@given(st.integers(0, len(STATIC) - 1), st.characters(min_codepoint=32, max_codepoint=126))
def test_one_wrong_letter_is_always_found(place, letter):
    broken = STATIC[:place] + letter + STATIC[place + 1 :]
    if broken == STATIC:
        return
    with pytest.raises(NotQris):
        qris.read(broken)


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text):
    for odd in (text, "000201" + text, resealed("000201" + text)):
        with pytest.raises(NotQris):
            qris.read(odd)


@pytest.mark.parametrize("reference", ["", "WBP-261122-MNSJ7"])
def test_a_camera_reads_what_was_drawn(reference):
    made = qris.dynamic(STATIC, 186_123, reference)
    picture = Image.open(BytesIO(qr.png(made, scale=4))).convert("RGB")
    assert zxingcpp.read_barcode(picture).text == made
    assert picture.width >= 115  # the smallest that the payment system association allows
