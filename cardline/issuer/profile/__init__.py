"""The issuer's profile: what is decided without a programmer, read from `profiles/<id>/` and checked."""

from cardline.issuer.profile.letters import LetterRules, Window
from cardline.issuer.profile.levels import MATRIX, Level
from cardline.issuer.profile.load import current_profile, load_profile, profiles_folder
from cardline.issuer.profile.needs import Detail, FirstPromise, NeedFamily, Outcome
from cardline.issuer.profile.offer import Benefit, Consent, Edition, Offer, Product
from cardline.issuer.profile.problems import Problem, ProfileError
from cardline.issuer.profile.profile import NotInProfile, Profile
from cardline.issuer.profile.reach import Address, Channel, PhoneLine, SelfServiceAction, VoiceMenu
from cardline.issuer.profile.service import (
    LadderStep,
    MemberStep,
    Moment,
    PromiseDefaults,
    Queue,
    ReplyWithin,
    Team,
)
from cardline.issuer.profile.sign_in import SignIn
from cardline.issuer.profile.text import Text
from cardline.issuer.profile.who import Brand, CardNumberFormat, CardType, Region, SecurityCode, Shade
from cardline.issuer.profile.words import (
    Conduct,
    Conflict,
    FreezeLine,
    NoteField,
    Opening,
    Question,
    UrgentBand,
)

__all__ = [
    "MATRIX",
    "Address",
    "Benefit",
    "Brand",
    "CardNumberFormat",
    "CardType",
    "Channel",
    "Conduct",
    "Conflict",
    "Consent",
    "Detail",
    "Edition",
    "FirstPromise",
    "FreezeLine",
    "LadderStep",
    "LetterRules",
    "Level",
    "MemberStep",
    "Moment",
    "NeedFamily",
    "NotInProfile",
    "NoteField",
    "Offer",
    "Opening",
    "Outcome",
    "PhoneLine",
    "Problem",
    "Product",
    "Profile",
    "ProfileError",
    "PromiseDefaults",
    "Question",
    "Queue",
    "Region",
    "ReplyWithin",
    "SecurityCode",
    "SelfServiceAction",
    "Shade",
    "SignIn",
    "Team",
    "Text",
    "UrgentBand",
    "VoiceMenu",
    "Window",
    "current_profile",
    "load_profile",
    "profiles_folder",
]
