"""Clusters and their members."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from organisations.models.invitations import Invitation
from organisations.models.organisation import Organisation
from regions.models import Source


class ClusterMembership(models.Model):
    """An organisation is a member of a cluster."""

    cluster = models.ForeignKey(
        Organisation,
        verbose_name=_("cluster"),
        on_delete=models.CASCADE,
        related_name="memberships",
        limit_choices_to={"kind": Organisation.Kind.CLUSTER},
    )
    member = models.ForeignKey(
        Organisation,
        verbose_name=_("member"),
        on_delete=models.CASCADE,
        related_name="cluster_memberships",
    )
    since = models.PositiveSmallIntegerField(_("since"), null=True, blank=True)
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="+"
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("cluster membership")
        verbose_name_plural = _("cluster memberships")
        ordering = ["cluster", "member"]
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "member"],
                name="cluster_membership_unique",
                violation_error_message=_("The organisation is a member already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(cluster=models.F("member")),
                name="cluster_membership_of_two",
                violation_error_message=_("A cluster is not its own member."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} – {self.cluster}"


class ClusterInvitation(Invitation):
    """An invitation to be a member of a cluster.

    One to an e-mail address: whoever follows it chooses for which of their organisations. One to an
    organisation (``member``, and no address): its owners are written to, and it alone can accept;
    their addresses are not the cluster's to see.
    """

    email = models.EmailField(_("e-mail address"), blank=True)
    cluster = models.ForeignKey(
        Organisation,
        verbose_name=_("cluster"),
        on_delete=models.CASCADE,
        related_name="member_invitations",
        limit_choices_to={"kind": Organisation.Kind.CLUSTER},
    )
    organisation_name = models.CharField(_("organisation"), max_length=300, blank=True)
    member = models.ForeignKey(
        Organisation,
        verbose_name=_("member"),
        on_delete=models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        help_text=_("The organisation meant, or the one that accepted."),
    )
    since = models.PositiveSmallIntegerField(_("since"), null=True, blank=True)
    declined_at = models.DateTimeField(
        _("declined"),
        null=True,
        blank=True,
        help_text=_("What is declined is withdrawn as well."),
    )

    class Meta(Invitation.Meta):
        verbose_name = _("invitation to a cluster")
        verbose_name_plural = _("invitations to a cluster")
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "email"],
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True)
                & ~models.Q(email=""),
                name="cluster_invitation_unique",
                violation_error_message=_("This address is invited already."),
            ),
            models.UniqueConstraint(
                fields=["cluster", "member"],
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True, email=""),
                name="cluster_invitation_of_organisation",
                violation_error_message=_("This organisation is invited already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(email="") | models.Q(member__isnull=False),
                name="cluster_invitation_to_somebody",
                violation_error_message=_("Invite an address, or an organisation."),
            ),
        ]
