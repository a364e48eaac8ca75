"""The banks of Thailand that shops are paid at, by their BIC (ISO 9362)."""

from typing import Final, NamedTuple


class Bank(NamedTuple):
    """A bank, and what it is called in both languages."""

    code: str
    th: str
    en: str


ALL: Final = (
    Bank("KRTHTHBK", "ธนาคารกรุงไทย", "Krungthai Bank"),
    Bank("BKKBTHBK", "ธนาคารกรุงเทพ", "Bangkok Bank"),
    Bank("KASITHBK", "ธนาคารกสิกรไทย", "Kasikornbank"),
    Bank("SICOTHBK", "ธนาคารไทยพาณิชย์", "Siam Commercial Bank"),
    Bank("AYUDTHBK", "ธนาคารกรุงศรีอยุธยา", "Bank of Ayudhya (Krungsri)"),
    Bank("TMBKTHBK", "ธนาคารทหารไทยธนชาต", "TMBThanachart Bank"),
    Bank("GSBATHBK", "ธนาคารออมสิน", "Government Savings Bank"),
    Bank("BAABTHBK", "ธนาคารเพื่อการเกษตรและสหกรณ์การเกษตร", "Bank for Agriculture and Agricultural Cooperatives"),
    Bank("UOVBTHBK", "ธนาคารยูโอบี", "United Overseas Bank (Thai)"),
    Bank("UBOBTHBK", "ธนาคารซีไอเอ็มบี ไทย", "CIMB Thai Bank"),
)


def called(code: str) -> Bank:
    """Return the bank of a BIC; one that we do not know is called by that."""
    return next((bank for bank in ALL if bank.code == code), Bank(code, code, code))
