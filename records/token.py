"""The PKCS#11 token that signs in the place of the punto's own RSA key (OASIS PKCS #11 v2.40).

One session a process, opened when something is first signed and closed when the process ends;
python-pkcs11 is imported only then. Its modules are told of one thread only, so every call is made
under one lock. A process that is forked forgets the session without touching it (v2.40, §2.6.1: a
child begins anew). What goes wrong is `CannotSign`: numbers go on, seals wait.
"""

from __future__ import annotations

import atexit
import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from records import pin
from records.errors import CannotSign

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from pkcs11 import Mechanism, Session, Token
    from pkcs11.types import SignMixin

    from records.disk import Disk
    from records.settings import Signer

LOCK_SECONDS = 60
_AGAIN = f"Si el token se desbloqueó y su PIN es ese, borre keys/{pin.NOTE}."
_WAITS = "Los números se siguen dando; los sellos pendientes se ponen cuando vuelva."


@dataclass
class _Held:
    """The open session, and whose it is."""

    firma: Signer
    library: Any
    session: Session
    key: SignMixin
    mechanism: Mechanism
    pin: str | None
    """Only where the key asks for it at each signature."""


_lock = threading.RLock()
_held: _Held | None = None
_trouble: CannotSign | None = None
_forked = False


class TokenKey:
    """The private key in the token that an office is configured with."""

    def __init__(self, firma: Signer, folder: Path, disk: Disk) -> None:
        self._firma, self._folder, self._disk = firma, folder, disk

    def sign(self, data: bytes, public: RSAPublicKey) -> bytes:
        """RSASSA-PKCS1-v1_5 with SHA-256 over *data*, checked against *public*.

        Raises:
            CannotSign: the token is not there, refuses the PIN, or holds another key.
        """
        global _trouble
        with _lock:
            try:
                signature = self._sign(data, public)
                _check(signature, data, public)
            except CannotSign as error:
                _trouble = error
                raise
            _trouble = None
            return signature

    def _sign(self, data: bytes, public: RSAPublicKey) -> bytes:
        """A session that was open may have died with a token that was pulled out: once anew."""
        if _held is not None and _held.firma == self._firma:
            try:
                return _raw(_held, data)
            except Exception as error:  # the module's own: told apart below, where it comes again
                _expect(error)
                self._note_refused(error, _held.pin)
        close()
        opened = self._open(public)
        try:
            return _raw(opened, data)
        except Exception as error:
            close()
            self._note_refused(error, opened.pin)
            raise _said(error, self._firma) from error

    def _note_refused(self, error: Exception, given: str | None) -> None:
        """A PIN that is asked for at each signature can be refused there too."""
        if given is not None and type(error).__name__ in _WRONG_PIN:
            close()
            pin.refuse(self._folder, given, self._disk)
            raise _said(error, self._firma) from error

    def _open(self, public: RSAPublicKey) -> _Held:
        global _held
        library = _library(self._firma)
        try:
            token = _token(library, self._firma)
            given = pin.read(self._folder)
            session = self._log_in(token, given)
            key = _key(session, self._firma, public)
            _held = _Held(
                self._firma,
                library,
                session,
                key,
                _mechanism(token),
                given if _asks_each_time(key) else None,
            )
        except BaseException as error:
            _end(library)  # also the session of a login that was refused
            if isinstance(error, CannotSign) or not isinstance(error, Exception):
                raise
            raise _said(error, self._firma) from error
        return _held

    def _log_in(self, token: Token, given: str) -> Session:
        """One try for all processes of the home: a refusal holds until the PIN changes."""
        lock = FileLock(self._folder / ".pkcs11.lock", timeout=LOCK_SECONDS)
        try:
            lock.acquire()
        except (OSError, TimeoutError) as error:
            raise CannotSign(
                "token_ocupado",
                f"Otro proceso está usando el token, o no se puede escribir en {self._folder}.",
                consejo="Espere a que termine y repita.",
            ) from error
        try:
            if pin.was_refused(self._folder, given):
                raise CannotSign(
                    "pin_rechazado",
                    "El token ya rechazó este PIN y no se prueba otra vez, para no bloquearlo.",
                    consejo=f"Corrija keys/{pin.FILE} (o la variable {pin.VARIABLE}). {_AGAIN}",
                )
            check_flags(int(token.flags))
            try:
                session = token.open(user_pin=given)
            except Exception as error:
                if type(error).__name__ in _WRONG_PIN:
                    pin.refuse(self._folder, given, self._disk)
                raise
            pin.accept(self._folder, self._disk)
            return session
        finally:
            lock.release()


def trouble() -> CannotSign | None:
    """Why this process could not sign by the token the last time; None when it could."""
    return _trouble


def close() -> None:
    """Log out and let the token go."""
    global _held
    with _lock:
        held, _held = _held, None
        if held is None:
            return
        try:
            held.session.close()
        except Exception as error:  # a token that was pulled out cannot be logged out of
            _expect(error)
        _end(held.library)


def _end(library: Any) -> None:
    """Close every session with this module; it is begun anew when something is signed again."""
    try:
        library.finalize()
    except Exception as error:
        _expect(error)


def check_flags(flags: int) -> None:
    """Refuse to give a PIN to a token that is locked, or that the next wrong one would lock.

    Raises:
        CannotSign: see above.
    """
    from pkcs11 import TokenFlag

    if flags & TokenFlag.USER_PIN_LOCKED:
        raise CannotSign(
            "token_bloqueado",
            "El token está bloqueado: se le dieron demasiados PIN errados.",
            consejo="Desbloquéelo con el programa de su fabricante y su PUK, o pida a su emisor "
            f"que lo reponga. {_WAITS}",
        )
    if flags & TokenFlag.USER_PIN_FINAL_TRY:
        raise CannotSign(
            "token_ultimo_intento",
            "Al token le queda un solo intento de PIN, y aquí no se gasta.",
            consejo="Entre una vez con el PIN correcto en el programa de su fabricante. " + _WAITS,
        )
    if not flags & TokenFlag.USER_PIN_INITIALIZED and flags & TokenFlag.LOGIN_REQUIRED:
        raise CannotSign("token_sin_pin", "El token todavía no tiene PIN de usuario.")


# -- finding --------------------------------------------------------------------------------------


def _library(firma: Signer) -> Any:
    global _forked
    try:
        import pkcs11
    except ImportError as error:
        raise CannotSign(
            "sin_pkcs11",
            "Falta la biblioteca python-pkcs11, que habla con el token.",
            consejo="Vuelva a instalar el programa con «./ventanilla doctor».",
        ) from error
    try:
        library = pkcs11.lib(firma.pkcs11_modulo)
        if _forked:
            _forked = False
            _end(library)
            library.initialize()
    except pkcs11.PKCS11Error as error:
        raise CannotSign(
            "token_modulo",
            f"No se puede usar {firma.pkcs11_modulo}, la biblioteca del token ({error}).",
            consejo="Instale el programa del fabricante del token y revise firma.pkcs11_modulo en "
            f"config.toml. {_WAITS}",
        ) from error
    return library


def _token(library: Any, firma: Signer) -> Token:
    from pkcs11 import TokenFlag

    found: list[Token] = [
        token
        for token in library.get_tokens()
        if token.flags & TokenFlag.TOKEN_INITIALIZED
        and firma.pkcs11_ficha in ("", token.label)
    ]  # fmt: skip
    if len(found) == 1:
        return found[0]
    name = f" «{firma.pkcs11_ficha}»" if firma.pkcs11_ficha else ""
    if not found:
        raise CannotSign(
            "token_ausente",
            f"No se encuentra el token{name}.",
            consejo=f"Conéctelo, o revise [firma] en config.toml. {_WAITS}",
        )
    labels = ", ".join(sorted(f"«{token.label}»" for token in found))
    raise CannotSign(
        "token_cual",
        f"Hay más de un token{name}: {labels}.",
        consejo="Deje uno, o diga cuál es en firma.pkcs11_ficha de config.toml.",
    )


def _key(session: Session, firma: Signer, public: RSAPublicKey) -> SignMixin:
    """The private key by its name; where several fit, the one that *public* belongs to."""
    from pkcs11 import Attribute, KeyType, ObjectClass

    wanted: dict[Attribute, Any] = {
        Attribute.CLASS: ObjectClass.PRIVATE_KEY,
        Attribute.KEY_TYPE: KeyType.RSA,
    }
    if firma.pkcs11_llave.startswith("id:"):
        wanted[Attribute.ID] = bytes.fromhex(firma.pkcs11_llave.removeprefix("id:"))
    elif firma.pkcs11_llave:
        wanted[Attribute.LABEL] = firma.pkcs11_llave
    found: list[Any] = list(session.get_objects(wanted))
    if len(found) > 1:
        modulus = public.public_numbers().n
        found = [k for k in found if _number(k, Attribute.MODULUS) == modulus]
    if len(found) == 1:
        key: SignMixin = found[0]
        return key
    name = f" «{firma.pkcs11_llave}»" if firma.pkcs11_llave else ""
    raise CannotSign(
        "token_llave",
        f"El token no tiene la llave RSA{name} del certificado.",
        consejo="Conecte el token que corresponde, o revise firma.pkcs11_llave en config.toml. "
        + _WAITS,
    )


def _number(key: Any, attribute: Any) -> int | None:
    from pkcs11 import PKCS11Error

    try:
        return int.from_bytes(key[attribute], "big")
    except PKCS11Error:
        return None  # some tokens do not say it of a private key


def _asks_each_time(key: Any) -> bool:
    from pkcs11 import Attribute, PKCS11Error

    try:
        return bool(key[Attribute.ALWAYS_AUTHENTICATE])
    except PKCS11Error:
        return False  # a token from before v2.20 does not know it


def _mechanism(token: Token) -> Mechanism:
    """Hashing in the token where it can; cards that only do raw RSA get the digest's structure."""
    from pkcs11 import Mechanism

    offered = token.slot.get_mechanisms()
    return Mechanism.SHA256_RSA_PKCS if Mechanism.SHA256_RSA_PKCS in offered else Mechanism.RSA_PKCS


# -- signing --------------------------------------------------------------------------------------

_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
"""RFC 8017, section 9.2, note 1: what precedes a SHA-256 digest."""


def _raw(held: _Held, data: bytes) -> bytes:
    from pkcs11 import Mechanism

    if held.mechanism is Mechanism.RSA_PKCS:
        from cryptography.hazmat.primitives import hashes

        digest = hashes.Hash(hashes.SHA256())
        digest.update(data)
        data = _DIGEST_INFO + digest.finalize()
    signature: bytes = held.key.sign(data, mechanism=held.mechanism, pin=held.pin)
    return signature


def _check(signature: bytes, data: bytes, public: RSAPublicKey) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

    try:
        public.verify(signature, data, PKCS1v15(), hashes.SHA256())
    except InvalidSignature as error:
        close()
        raise CannotSign(
            "token_llave",
            "La llave del token no es la del certificado.",
            consejo="Conecte el token que corresponde, o registre su certificado con «ventanilla "
            "clave certificado».",
        ) from error


_WRONG_PIN = ("PinIncorrect", "PinInvalid", "PinLenRange", "PinExpired")
_GONE = ("TokenNotPresent", "TokenNotRecognised", "DeviceRemoved", "SlotIDInvalid", "NoSuchToken")


def _expect(error: Exception) -> None:
    """Raise again what is no refusal of the module."""
    from pkcs11 import PKCS11Error

    if not isinstance(error, PKCS11Error):
        raise error


def _said(error: Exception, firma: Signer) -> CannotSign:
    """A refusal of the module, for people."""
    _expect(error)
    kind = type(error).__name__
    name = f" «{firma.pkcs11_ficha}»" if firma.pkcs11_ficha else ""
    if kind in _WRONG_PIN:
        return CannotSign(
            "pin_errado",
            f"El token{name} rechazó el PIN. No se le vuelve a dar, para no bloquearlo.",
            consejo=f"Corrija keys/{pin.FILE} (o la variable {pin.VARIABLE}). {_WAITS}",
        )
    if kind == "PinLocked":
        return CannotSign(
            "token_bloqueado",
            f"El token{name} está bloqueado: se le dieron demasiados PIN errados.",
            consejo="Desbloquéelo con el programa de su fabricante y su PUK. " + _WAITS,
        )
    if kind in _GONE:
        return CannotSign(
            "token_ausente",
            f"El token{name} no está conectado.",
            consejo=f"Conéctelo. {_WAITS}",
        )
    return CannotSign(
        "token_fallo",
        f"El token{name} no firmó ({kind} {error}).".replace(" )", ")"),
        consejo=f"Desconéctelo y conéctelo; si sigue, pruébelo en otro equipo. {_WAITS}",
    )


def _forget() -> None:
    """In a forked child: the session is the parent's, and is left alone."""
    global _held, _lock, _forked, _left
    _left, _held, _lock, _forked = _held, None, threading.RLock(), True


_left: _Held | None = None
"""The parent's session, kept so that nothing here ends it."""

atexit.register(close)
os.register_at_fork(after_in_child=_forget)
