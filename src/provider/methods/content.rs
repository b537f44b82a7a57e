//! What moves content: to groups, again to a point, and away.

use std::iter;

use http::Method;
use serde_json::{Map, Value, json};

use super::parameters;
use crate::error::SiteError;
use crate::odata::Target;
use crate::provider::ask::{Ask, Refused};
use crate::provider::{Provider, oddities};
use crate::sms::ids::{AssignmentId, GroupId, PackageId};

const ASSIGNMENT: &str = "SMS_DistributionPoint";

impl Provider {
    /// Sends the same version again to one point.
    pub async fn redistribute(&self, assignment: &AssignmentId) -> Result<(), SiteError> {
        let attempt = format!("send package {} again", assignment.package);
        let body = json!({
            "PackageID": assignment.package,
            "ServerNALPath": assignment.nal_path,
            "SiteCode": assignment.site,
            "RefreshNow": true,
        });
        self.ask(Ask {
            method: Method::POST,
            path: self.path(&Target::Class(ASSIGNMENT.to_owned()), None),
            body: Some(body),
            attempt,
            what: Some(named(assignment)),
        })
        .await?;
        Ok(())
    }

    /// Targets packages to a group: each point of it gets them.
    pub async fn group_add_packages(
        &self,
        group: &GroupId,
        packages: &[PackageId],
    ) -> Result<(), SiteError> {
        let parameters = parameters([("PackageIDs", json!(packages))]);
        self.group_method(group, "AddPackages", parameters, "send packages to")
            .await
    }

    /// Takes packages out of a group, and with `off_points` their content off its points.
    pub async fn group_remove_packages(
        &self,
        group: &GroupId,
        packages: &[PackageId],
        off_points: bool,
    ) -> Result<(), SiteError> {
        let mut parameters = parameters([("PackageIDs", json!(packages))]);
        if !off_points {
            // Absent means true, so it is sent only to say no.
            parameters.insert("RemoveTargetedPackages".to_owned(), false.into());
        }
        self.group_method(group, "RemovePackages", parameters, "take packages out of")
            .await
    }

    async fn group_method(
        &self,
        group: &GroupId,
        method: &str,
        parameters: Map<String, Value>,
        verb: &str,
    ) -> Result<(), SiteError> {
        let class = "SMS_DistributionPointGroup";
        let other = oddities::spelled_otherwise(&parameters);
        let returned = match (self.called(class, group, method, parameters).await, other) {
            (Err(refused), Some(other))
                if refused.status.is_some_and(oddities::misread_parameters) =>
            {
                self.call(class, group, method, other).await?
            }
            (returned, _) => returned?,
        };
        returned.done(&format!("{verb} group {group}"))?;
        Ok(())
    }

    /// Takes a package off one point.
    ///
    /// The one guarded attempt with a NAL path in a URL: no method does this, and the class is known to delete so over
    /// other ways in. A site that cannot read the address in any of its forms says so, and has done nothing.
    pub async fn remove_assignment(&self, assignment: &AssignmentId) -> Result<(), SiteError> {
        let what = named(assignment);
        let attempt = format!("remove {what}");
        let usual = oddities::address_at_all(assignment);
        let mut misread = None;
        for key in iter::once(usual.clone()).chain(oddities::other_addresses(assignment)) {
            let class = ASSIGNMENT.to_owned();
            let at = Target::Object { class, key };
            let removing = self.plain(Method::DELETE, &at, attempt.clone(), &what);
            match self.ask(removing).await {
                Ok(_) => return Ok(()),
                Err(Refused {
                    status: Some(status),
                    error,
                }) if oddities::may_be_misread(status, &usual) => {
                    misread.get_or_insert(error);
                }
                Err(refused) => return Err(refused.error),
            }
        }
        let why = misread
            .map(|error| format!(" ({error})"))
            .unwrap_or_default();
        Err(SiteError::Refused {
            attempt,
            reason: format!(
                "not possible here: this site cannot address one point{why}; use a group, or a console on Windows"
            ),
            code: None,
        })
    }
}

fn named(assignment: &AssignmentId) -> String {
    let point = assignment.nal_path.server();
    format!("package {} on {point}", assignment.package)
}
