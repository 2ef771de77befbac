"""How the demo's goods are found: words that mean the same, tags, collections, what sells best."""

from sqlalchemy import select

from storefront.catalog.models import Category, CollectionKind, Product
from storefront.catalog.services.categories import name_category_in_english
from storefront.catalog.services.collections import (
    CollectionDetails,
    choose_items,
    create_collection,
    show_collection,
    tag_products,
)
from storefront.catalog.services.synonyms import add_synonyms
from storefront.core.db import db
from storefront.revenue.services import count_popularity

SYNONYMS = (
    ("tas", "handbag", "dompet"),
    ("sandal", "selop", "slippers"),
    ("camilan", "snack", "jajanan", "cemilan"),
    ("kerudung", "scarf", "selendang"),
    ("mebel", "furnitur", "perabot", "furniture"),
    ("batik", "kain batik", "wastra"),
    ("miniatur", "pajangan", "hiasan"),
    ("kado", "hadiah", "suvenir"),
)
TAGS = {
    "oleh oleh": ("emping-melinjo-250-g", "keripik-bawang-200-g", "miniatur-leuit-baduy",
                  "batik-cap-motif-surosowan",
                  "kopi-robusta-sangrai-200-g", "gantungan-kunci-kayu", "kue-kacang-toples-400-g"),
    "hadiah kantor": ("batik-tulis-leuit", "miniatur-kapal-layar", "gitar-akustik-pasthika",
                      "tas-sulam-pita-melati", "piring-lidi-sawit-set-6", "pouch-sulam-pita"),
}  # fmt: skip
ENGLISH = {
    "Tas & Aksesori": "Bags & accessories", "Tas & Dompet": "Bags & wallets", "Aksesori": "Accessories",
    "Batik & Busana": "Batik & clothing", "Kain Batik & Ecoprint": "Batik & ecoprint cloth",
    "Kerudung & Syal": "Headscarves & shawls", "Pakaian & Peci": "Clothing & caps", "Alas Kaki": "Footwear",
    "Rumah & Dekorasi": "Home & decoration", "Anyaman": "Woven goods", "Hiasan": "Ornaments",
    "Dapur & Meja Makan": "Kitchen & table", "Perlengkapan Rumah": "Household",
    "Makanan & Minuman": "Food & drink", "Camilan": "Snacks", "Kue & Roti": "Cakes & bread",
    "Minuman": "Drinks", "Segar": "Fresh", "Mebel": "Furniture", "Bahan Bangunan": "Building materials",
    "Musik": "Music", "Jasa & Pesanan Khusus": "Services & custom orders",
}  # fmt: skip


def arrange_finding(promoter_id: int) -> None:
    """Write synonyms, tags and collections into a stocked demo shop, and count what sells."""
    for key, name in db.session.execute(select(Category.id, Category.name)).all():
        name_category_in_english(key, ENGLISH.get(name, ""))
    for group in SYNONYMS:
        add_synonyms(group)
    for tag, slugs in TAGS.items():
        tag_products(tag, _ids(slugs))
    _by_rule("Oleh-oleh Banten", "Ringan dibawa, enak dibagi: pulang dari Banten dengan cerita.",
             {"tag": "oleh oleh"}, promoter_id)  # fmt: skip
    made = create_collection(
        CollectionDetails(title="Hadiah kantor", intro="Untuk tamu, mitra, dan perpisahan yang berkesan."),
        by=promoter_id,
    )
    choose_items(made, _ids(TAGS["hadiah kantor"]))
    show_collection(made, is_published=True)
    _by_rule(
        "Di bawah Rp50.000", "Kecil, berguna, dan tetap buatan tangan.", {"price_max": 50_000}, promoter_id
    )
    _by_rule("Meja makan dari bengkel", "Anyaman dan kayu untuk menjamu di rumah.",
             {"category": "rumah-dekorasi"}, promoter_id)  # fmt: skip
    count_popularity()


def _by_rule(title: str, intro: str, rule: dict[str, object], by: int) -> None:
    details = CollectionDetails(title=title, intro=intro, kind=CollectionKind.RULE, rule=rule)
    show_collection(create_collection(details, by=by), is_published=True)


def _ids(slugs: tuple[str, ...]) -> list[int]:
    """The products with these addresses that are on sale, in this order."""
    rows = select(Product.slug, Product.id).where(Product.slug.in_(slugs), Product.status == "published")
    known = {row.slug: row.id for row in db.session.execute(rows)}
    return [known[slug] for slug in slugs if slug in known]
