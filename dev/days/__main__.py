"""Write a generated day: ``python -m dev.days --day 2026-11-22 OUT``."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from . import make_catalogue, make_day, write_day, write_products


def main() -> None:
    """Write OUT/products.csv and the day's documents to OUT/<day>/."""
    parser = argparse.ArgumentParser(
        prog="python -m dev.days",
        description="Make a shop's day: receipts, returns, invoices, tara, Z reports.",
    )
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--day", type=date.fromisoformat, required=True)
    parser.add_argument("--shop", default="01")
    parser.add_argument("--tills", default="1,2", help="till numbers, by commas")
    parser.add_argument("--receipts", type=int, default=60, help="of all tills")
    parser.add_argument("--products", type=int, default=64)
    parser.add_argument("out", metavar="OUT", type=Path)
    args = parser.parse_args()

    catalogue = make_catalogue(args.seed, args.products)
    tills = args.tills.split(",")
    day = make_day(args.seed, args.day, args.shop, tills, args.receipts, catalogue)
    write_day(day, args.out / str(args.day))
    write_products(catalogue, args.out / "products.csv")


if __name__ == "__main__":
    main()
