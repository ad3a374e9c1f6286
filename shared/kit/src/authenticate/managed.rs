//! Who manages an organization and its projects: the organization's own key pairs, and its members by their roles.

use agenttrace_auth::credentials::Presented;
use agenttrace_auth::{Caller, Scope};

use super::{Authenticator, ORGANIZATION_HEADER, PROJECT_HEADER, Touch, no_such_project};
use crate::{Error, Request};

impl Authenticator {
    pub(super) async fn organization_key(
        &self,
        request: &Request,
        presented: Presented,
        scope: Scope,
    ) -> Result<(Caller, Option<Touch>), Error> {
        let (caller, touch) = self.key_caller(request, presented).await?;
        let Caller::OrganizationKey { organization_id, .. } = &caller else {
            return Err(Error::forbidden(
                "This needs an API key of the organization, or a signed-in administrator; a project's key can't do it.",
            ));
        };
        if named(request, ORGANIZATION_HEADER).is_some_and(|id| id != organization_id) {
            return Err(Error::forbidden("The API key belongs to another organization than X-AgentTrace-Organization-Id names."));
        }
        allowed(caller, scope).map(|caller| (caller, touch))
    }

    pub(super) async fn organization_member(&self, request: &Request, scope: Scope) -> Result<Caller, Error> {
        let user_id = self.session(request).await?.uid;
        let organization_id = match (named(request, ORGANIZATION_HEADER), named(request, PROJECT_HEADER)) {
            (Some(id), _) => id.to_owned(),
            (None, Some(project_id)) => self.records.project(project_id).await?.ok_or_else(no_such_organization)?.organization_id,
            (None, None) => return Err(Error::bad_request("Name the organization in the header X-AgentTrace-Organization-Id.")),
        };
        let membership = self.records.membership(&organization_id, &user_id).await?.ok_or_else(no_such_organization)?;
        allowed(Caller::OrganizationMember { organization_id, user_id, role: membership.role }, scope)
    }

    /// The project of the path must be one of the key's organization.
    pub(super) async fn managing_key(
        &self,
        request: &Request,
        presented: Presented,
        scope: Scope,
    ) -> Result<(Caller, Option<Touch>), Error> {
        let (caller, touch) = self.organization_key(request, presented, scope).await?;
        let project = self.records.project(request.param("projectId")).await?;
        if project.is_none_or(|p| Some(p.organization_id.as_str()) != caller.organization_id()) {
            return Err(no_such_project());
        }
        Ok((caller, touch))
    }

    /// The path names the project; a project header, where there is one, must agree.
    pub(super) async fn managing_member(&self, request: &Request, scope: Scope) -> Result<Caller, Error> {
        let user_id = self.session(request).await?.uid;
        let project_id = request.param("projectId").to_owned();
        if named(request, PROJECT_HEADER).is_some_and(|id| id != project_id) {
            return Err(no_such_project());
        }
        allowed(self.member_of(user_id, project_id).await?, scope)
    }
}

fn named<'a>(request: &'a Request, header: &str) -> Option<&'a str> {
    request.header(header).map(str::trim).filter(|id| !id.is_empty())
}

fn allowed(caller: Caller, scope: Scope) -> Result<Caller, Error> {
    if caller.allows(scope) { Ok(caller) } else { Err(Error::forbidden(refusal(scope))) }
}

const fn refusal(scope: Scope) -> &'static str {
    match scope {
        Scope::Own => "Only owners may do this. Ask one.",
        Scope::Members => "Your role does not show who the members are. Ask an administrator.",
        _ => "Only administrators and owners may do this. Ask one.",
    }
}

/// The same for an organization that does not exist and for one of others.
fn no_such_organization() -> Error {
    Error::not_found("Organization not found")
}
