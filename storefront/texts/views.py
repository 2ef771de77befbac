"""What pages of words are filled in with."""

from typing import Any

from flask import current_app


def filled_in() -> dict[str, Any]:
    """What a template needs to write out a text: `office` answers for the shop, `names` by their codes.

    All of it as the settings say; what is not set is empty and said to be missing.
    """
    config = current_app.config
    office = {name.lower(): config[f"OFFICE_{name}"] for name in ("NAME", "ADDRESS", "EMAIL", "PHONE")}
    names = {"kantor": office["name"], "toko": config["SHOP_NAME"], "pse": config["OFFICE_PSE_NUMBER"]}
    return {"office": office, "names": names}
