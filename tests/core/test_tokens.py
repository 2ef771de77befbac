"""Secrets: long, never twice, and not to be had back from what is stored."""

import hashlib

from storefront.core.tokens import new_token, short_code, token_hash


def test_tokens_are_long_differ_and_fit_an_address():
    tokens = {new_token() for _ in range(200)}

    assert len(tokens) == 200
    assert all(len(token) >= 43 for token in tokens)  # 256 bits in base64
    assert all(token.replace("-", "").replace("_", "").isalnum() for token in tokens)


def test_only_the_hash_is_kept_and_it_always_is_the_same():
    token = new_token()

    assert token_hash(token) == hashlib.sha256(token.encode()).hexdigest()
    assert len(token_hash(token)) == 64
    assert token not in token_hash(token)


def test_short_codes_have_no_letters_that_look_like_others():
    codes = {short_code(12) for _ in range(300)}

    assert len(codes) == 300
    assert {len(code) for code in codes} == {12}
    assert not set("".join(codes)) & set("ILOU")
    assert set("".join(codes)) == set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
