"""What happens in a contact when something happens to its member."""

from __future__ import annotations

from cardline.cases import timeline
from cardline.contact.models import Contact
from cardline.kit.events import reacts_to

IN_SOMEBODYS_HANDS = (Contact.State.ACTIVE, Contact.State.PROPOSED)


@reacts_to("member.access_needs_said")
def the_agent_who_speaks_with_them_hears_of_it(member_id: int) -> None:
    """A line for the desk alone; what was said stands in the member's panel, until it is taken back."""
    for contact in Contact.objects.filter(member=member_id, state__in=IN_SOMEBODYS_HANDS):
        timeline.append(contact.home_case_id, "member.access_needs", contact_id=contact.pk, visible=False)
