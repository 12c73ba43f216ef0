"""Who may speak for an organisation, and who asked to."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from organisations.models.invitations import Invitation
from organisations.models.organisation import Organisation


class TeamMember(models.Model):
    """A user who may speak for an organisation."""

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        EDITOR = "editor", _("editor")
        VIEWER = "viewer", _("viewer")

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.CASCADE, related_name="team"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.CASCADE,
        related_name="teams",
    )
    role = models.CharField(_("role"), max_length=6, choices=Role)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        ordering = ["organisation", "role", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"],
                name="team_member_unique",
                violation_error_message=_("This user is in the team already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.organisation}"


class TeamInvitation(Invitation):
    """An invitation into the team of an organisation."""

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="team_invitations",
    )
    role = models.CharField(_("role"), max_length=6, choices=TeamMember.Role)

    class Meta(Invitation.Meta):
        verbose_name = _("invitation into a team")
        verbose_name_plural = _("invitations into a team")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="team_invitation_unique",
                violation_error_message=_("This address is invited already."),
            )
        ]


class AccessRequest(models.Model):
    """Somebody asks to speak for an organisation.

    A *claim* of one that has no team is proved by an e-mail address in the domain of its website,
    or granted by a moderator; a wish to *join* one that has a team is granted by an owner.
    """

    class Kind(models.TextChoices):
        CLAIM = "claim", _("claim")
        JOIN = "join", _("wish to join")

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting for an answer")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Proof(models.TextChoices):
        NONE = "", "–"
        EMAIL = "email", _("e-mail address in the domain of the website")
        MODERATOR = "moderator", _("a moderator's word")
        OWNER = "owner", _("an owner's word")

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="access_requests",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.CASCADE,
        related_name="access_requests",
    )
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.PENDING)
    proof = models.CharField(
        _("proved by"), max_length=9, choices=Proof, blank=True, default=Proof.NONE
    )
    message = models.TextField(_("message"), max_length=1000, blank=True)
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = _("access request")
        verbose_name_plural = _("access requests")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["created_at", "id"],
                condition=models.Q(status="pending"),
                name="access_request_queue",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"],
                condition=models.Q(status="pending"),
                name="access_request_unique",
                violation_error_message=_("You have asked this already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.organisation}"
