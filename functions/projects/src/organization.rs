//! What the operations on organizations and members share: whose organization it is, and which roles a caller may deal in.

use agenttrace_api::organizations::MembershipEntry;
use agenttrace_auth::{Caller, Role};
use agenttrace_kit::{Call, Error};
use agenttrace_records::User;

/// The caller's organization. Operations with organization access always have one.
pub fn organization_id(call: &Call) -> Result<&str, Error> {
    call.caller()?.organization_id().ok_or_else(|| Error::forbidden("This needs an organization."))
}

/// What a caller may give and take away: up to their own role. An organization's key counts as an owner.
pub fn reach(caller: &Caller) -> Role {
    caller.role().unwrap_or(Role::Owner)
}

/// Refuses to deal in a role above the caller's own.
pub fn within_reach(caller: &Caller, role: Role) -> Result<(), Error> {
    if role <= reach(caller) { Ok(()) } else { Err(Error::forbidden("You can't give or take away a role above your own.")) }
}

pub fn no_such_member() -> Error {
    Error::not_found("Membership not found")
}

pub fn last_owner() -> Error {
    Error::conflict("The organization's last owner must stay one. Make someone else an owner first.")
}

/// A member as the API shows one.
pub fn describe_member(user: User, role: Role) -> MembershipEntry {
    MembershipEntry { user_id: user.id, role, email: user.email, name: user.name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_deals_in_roles_above_their_own() {
        let member = |role| Caller::OrganizationMember { organization_id: "o".into(), user_id: "u".into(), role };
        let key = Caller::OrganizationKey { organization_id: "o".into(), public_key: "k".into() };
        for (caller, role, allowed) in [
            (member(Role::Owner), Role::Owner, true),
            (member(Role::Admin), Role::Owner, false),
            (member(Role::Admin), Role::Admin, true),
            (member(Role::Admin), Role::None, true),
            (key, Role::Owner, true),
        ] {
            assert_eq!(within_reach(&caller, role).is_ok(), allowed, "{caller:?} {role:?}");
        }
    }
}
