"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes and one lane, which OWASP's cheat sheet on password storage
    names as the least; Django's own 100 MiB in eight lanes is much for a server that hashes several
    passwords at once."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
