"""A shop's catalogue and its business partners, with codes that check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from .model import CENT, Dice, Partner, Product, money

DEPOSIT_CODE = "TARA01"
PACK_SIZE = 6

_GOODS = (
    ("Kefyras „Rokiškio“ 2,5 % 1 l", "vnt", 21),
    ("Ruginė duona „Ajerų“ 800 g", "vnt", 21),
    ("Varškė „Svalia“ 9 % & grietinė", "vnt", 21),
    ("Kriaušės 'Conference'", "kg", 21),
    ("Agurkai trumpavaisiai", "kg", 21),
    ('Kava pupelės "Crema" 1 kg', "vnt", 21),
    ("Arbata čiobrelių & liepžiedžių", "vnt", 21),
    ("Šokoladas <85 %> 90 g", "vnt", 21),
    ("Makaronai „Spiralės“ 400 g", "vnt", 21),
    ("Vanduo „Akvilė“ gazuotas 1 l", "vnt", 21),
    ("Gira duonos 1,5 l", "vnt", 21),
    ("Grikiai 800 g", "vnt", 21),
    ("Aliejus saulėgrąžų 1 l", "vnt", 21),
    ("Medus liepų 500 g", "vnt", 21),
    ("Kiaulienos nugarinė", "kg", 21),
    ("Silkė statinėje", "kg", 21),
    ("Burokėliai", "kg", 21),
    ("Kopūstai baltagūžiai", "kg", 21),
    ("Slyvos", "kg", 21),
    ("Braškės lietuviškos", "kg", 21),
    ("Knyga „Metai“", "vnt", 5),
    ("Žurnalas „Šeimininkė“", "vnt", 5),
    ("Vaistai nuo peršalimo 12 mil.", "vnt", 5),
    ("Muilas skystas „Ąžuolas“ 0,5 l", "vnt", 21),
    ("Šampūnas <2 in 1> 400 ml", "vnt", 21),
    ("Servetėlės 100 vnt.", "vnt", 21),
    ("Žvakės bičių vaško", "vnt", 21),
    ("Elementai AAA 4 vnt.", "vnt", 21),
    ("Ilgiklis 3 m & 3 lizdai", "vnt", 21),
    ("Pirštinės darbinės L", "vnt", 21),
    ("Bilietas į koncertą", "vnt", 12),
    ("Nakvynė dviviečiame kambaryje", "vnt", 12),
)


def make_catalogue(seed: int, count: int) -> list[Product]:
    """Return ``count`` goods and, last, the deposit item TARA01.

    Every eighth item has a packaging barcode besides.
    """
    dice = Dice(seed, "catalogue")
    barcodes = _barcodes(dice)
    goods = [_make_product(dice, barcodes, index) for index in range(count)]
    dime = Decimal("0.10")
    name = "Depozitas 0,10 EUR"
    return [
        *goods,
        Product(next(barcodes), DEPOSIT_CODE, name, "vnt", 0, dime, dime),
    ]


def make_partners(seed: int, count: int = 8) -> list[Partner]:
    """Return companies whose codes and VAT numbers have right check digits."""
    dice = Dice(seed, "partners")
    partners = []
    for index in range(1, count + 1):
        root = f"39{index:02}{dice.below(1000):03}"
        code = root + str(dice.below(10))
        partners.append(
            Partner(
                code=code + company_check_digit(code),
                name=f"UAB „Bendrovė {index} & partneriai“",
                vat_code=f"LT{root}1{company_check_digit(root + '1')}",
                address=f"Laisvės al. {index}, Kaunas",
            )
        )
    return partners


def write_products(catalogue: Sequence[Product], path: Path) -> None:
    """Write ``catalogue`` as a products.csv."""
    rows = ["barcode,default_code,name,uom,vat,price_incl_vat,cost"]
    for item in catalogue:
        name = item.name.replace('"', '""')
        rows.append(
            f'{item.barcode},{item.code},"{name}",{item.unit},{item.vat},'
            f"{item.price},{item.cost}"
        )
    path.write_text("\n".join(rows) + "\n", encoding="utf-8", newline="\n")


def ean_check_digit(digits: str) -> str:
    """Return the last digit of the EAN-13 that begins with these 12."""
    weighted = sum(int(digit) * (1, 3)[i % 2] for i, digit in enumerate(digits))
    return str(-weighted % 10)


def company_check_digit(digits: str) -> str:
    """Return the last digit of a Lithuanian company code or VAT number of 9."""
    for start in (0, 2):
        weights = ((start + i) % 9 + 1 for i in range(len(digits)))
        check = sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11
        if check < 10:
            return str(check)
    return "0"


def _barcodes(dice: Dice) -> Iterator[str]:
    """Yield Lithuanian EAN-13 barcodes, none of them twice."""
    seen = set()
    while True:
        digits = f"477{dice.below(10**9):09}"
        if digits not in seen:
            seen.add(digits)
            yield digits + ean_check_digit(digits)


def _make_product(dice: Dice, barcodes: Iterator[str], index: int) -> Product:
    name, unit, vat = _GOODS[index % len(_GOODS)]
    series = index // len(_GOODS) + 1
    price = dice.between(50, 1500) * CENT
    packed = index % 8 == 0
    return Product(
        barcode=next(barcodes),
        code=f"P{index + 1:05}",
        name=name if series == 1 else f"{name} Nr. {series}",
        unit=unit,
        vat=vat,
        price=price,
        cost=money(price * 70 / (100 + vat)),
        pack_barcode=next(barcodes) if packed else "",
        pack_size=PACK_SIZE if packed else 1,
    )
