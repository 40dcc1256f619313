"""Signs the model colors/1 by the package model-signing, for SignedModelTest. Makes new keys each time, and keeps no private one.

    python3 -m venv /tmp/signing && /tmp/signing/bin/pip install -r src/test/clients/security.txt
    /tmp/signing/bin/python src/test/golden/signing.py
"""

import datetime
import shutil
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from model_signing import hashing, signing

RESOURCES = Path(__file__).parent.parent / "resources"
MODEL = RESOURCES / "models" / "colors" / "1"
FROM = datetime.datetime(2026, 1, 1)


def years(count):
    return FROM.replace(year=FROM.year + count)


def pem(private):
    return private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def certificate(name, public, issuer_name, issuer_key, until, authority=False, depth=None, usage=True, extended=None, constraints=None):
    """Makes a certificate; usage says whether it may sign (certificates, if it is an authority's)."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer_name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(FROM)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=depth), critical=True)
    )
    if usage is not None:
        made = made.add_extension(
            x509.KeyUsage(
                digital_signature=usage and not authority,
                key_cert_sign=usage and authority,
                content_commitment=False,
                key_encipherment=not usage,
                data_encipherment=False,
                key_agreement=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    if extended:
        made = made.add_extension(x509.ExtendedKeyUsage([extended]), critical=False)
    if constraints:
        made = made.add_extension(constraints, critical=True)
    return made.sign(issuer_key, hashes.SHA256())


def write_keys(out, work):
    for name, curve in (("p256", ec.SECP256R1()), ("p384", ec.SECP384R1()), ("p521", ec.SECP521R1()), ("other", ec.SECP256R1())):
        key = ec.generate_private_key(curve)
        (work / name).write_bytes(pem(key))
        public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        (out / f"{name}.pem").write_bytes(public)


def sign_with_key(out, work, name, key="p256", **serialization_options):
    options = hashing.Config().use_file_serialization().set_ignored_paths(paths=serialization_options.pop("ignore", []))
    options.set_allow_symlinks(serialization_options.pop("links", False))
    signing.Config().use_elliptic_key_signer(private_key=work / key).set_hashing_config(options).sign(MODEL, out / f"{name}.sig")


def sign_with_certificate(out, work, name, key, signer, chain):
    (work / "key").write_bytes(pem(key))
    (work / "certificate").write_bytes(signer.public_bytes(serialization.Encoding.PEM))
    (work / "chain").write_bytes(b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain))
    config = signing.Config().use_certificate_signer(
        private_key=work / "key", signing_certificate=work / "certificate", certificate_chain=[work / "chain"]
    )
    config.sign(MODEL, out / f"{name}.sig")


def write_certificates(out, work):
    root = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    authority = certificate("Test authority", root.public_key(), "Test authority", root, years(20), authority=True, depth=1)
    (out / "authority.pem").write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    other = ec.generate_private_key(ec.SECP256R1())
    stranger = certificate("Test authority", other.public_key(), "Test authority", other, years(20), authority=True)
    (out / "other-authority.pem").write_bytes(stranger.public_bytes(serialization.Encoding.PEM))

    names = x509.NameConstraints(permitted_subtrees=[x509.DNSName("example.com")], excluded_subtrees=None)
    constrained = certificate("Constrained", other.public_key(), "Constrained", other, years(20), authority=True, constraints=names)
    (out / "constrained-authority.pem").write_bytes(constrained.public_bytes(serialization.Encoding.PEM))

    signer = ec.generate_private_key(ec.SECP384R1())
    public = signer.public_key()

    def sign(name, signing_certificate, *between):
        sign_with_certificate(out, work, name, signer, signing_certificate, [*between, authority])

    def issued(name, until=years(10), by=("Test authority", root), **usage):
        return certificate(name, public, by[0], by[1], until, **usage)

    good = issued("Signer", extended=ExtendedKeyUsageOID.CODE_SIGNING)
    sign("certificate", good)
    (out / "signer.pem").write_bytes(good.public_bytes(serialization.Encoding.PEM))
    sign("long-lived", issued("Signer", until=years(30)))
    sign("server", issued("Server", extended=ExtendedKeyUsageOID.SERVER_AUTH))
    sign("encryption", issued("Encryption", usage=False))
    sign("no-usage", issued("Anything", usage=None))

    middle = ec.generate_private_key(ec.SECP256R1())
    between = certificate("Between", middle.public_key(), "Test authority", root, years(10), authority=True)
    sign("chain", issued("Signer", by=("Between", middle)), between)
    sign("chain-missing", issued("Signer", by=("Between", middle)))
    deep = ec.generate_private_key(ec.SECP256R1())
    deeper = certificate("Deeper", deep.public_key(), "Between", middle, years(10), authority=True)
    sign("chain-too-long", issued("Signer", by=("Deeper", deep)), deeper, between)
    no_authority = certificate("Customer", middle.public_key(), "Test authority", root, years(10))
    sign("issued-by-customer", issued("Signer", by=("Customer", middle)), no_authority)


def main():
    out = RESOURCES / "signing"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        write_keys(out, work)
        for key in ("p256", "p384", "p521"):
            sign_with_key(out, work, key, key)
        sign_with_key(out, work, "links", links=True)
        sign_with_key(out, work, "labels-left-out", ignore=["labels.zh.txt"])
        write_certificates(out, work)


if __name__ == "__main__":
    main()
