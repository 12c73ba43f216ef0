"""An account, and what belongs to it."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import ApiToken, Consent, User

PASSWORD = "correct horse battery staple"


class UserFactory(DjangoModelFactory[User]):
    """An active user with a confirmed address; the password is ``PASSWORD``.

    ``administrator=True`` makes a superuser, ``confirmed=False`` leaves the address unconfirmed.
    """

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        administrator = factory.Trait(is_staff=True, is_superuser=True)

    email = factory.Sequence(lambda n: f"user-{n}@example.org")
    name = factory.Sequence(lambda n: f"User {n}")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def confirmed(self, create, extracted, **kwargs):
        if create:
            verified = extracted is not False
            self.emailaddress_set.create(email=self.email, verified=verified, primary=True)


class ConsentFactory(DjangoModelFactory[Consent]):
    """An agreement to an early version."""

    class Meta:
        model = Consent

    user = factory.SubFactory(UserFactory)
    document = Consent.Document.PRIVACY
    version = "2026-01-01"
    language = "en"


class ApiTokenFactory(DjangoModelFactory[ApiToken]):
    """A token that is good for a month; nobody knows it."""

    class Meta:
        model = ApiToken

    user = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"Token {n}")
    digest = factory.Sequence(lambda n: f"{n:0128x}")
    token_key = factory.Sequence(lambda n: f"rm_{n:012x}")
    expiry = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        token = model_class(*args, **kwargs)
        token.save(force_insert=True)
        return token
