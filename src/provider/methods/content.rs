//! Methods that move content: to points and groups, again, checked, and away.

use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::{Returned, parameters};
use crate::error::SiteError;
use crate::odata::Target;
use crate::provider::ask::{Ask, Refused};
use crate::provider::{Provider, oddities};
use crate::sms::ids::{AssignmentId, GroupId, PackageId, SiteCode};
use crate::sms::nal::NalPath;

const ASSIGNMENT: &str = "SMS_DistributionPoint";

impl Provider {
    /// Sends a package to distribution points: what a console calls "Distribute Content".
    pub async fn add_distribution_points(
        &self,
        package: &PackageId,
        points: &[(SiteCode, NalPath)],
    ) -> Result<(), SiteError> {
        let (sites, paths): (Vec<_>, Vec<_>) = points.iter().cloned().unzip();
        let parameters = parameters([("SiteCode", json!(sites)), ("NALPath", json!(paths))]);
        self.package_method(package, "AddDistributionPoints", parameters, "distribute")
            .await
    }

    /// Reads the source anew, gives it a new version, and sends what changed to every point.
    pub async fn refresh_package_source(&self, package: &PackageId) -> Result<(), SiteError> {
        self.package_method(package, "RefreshPkgSource", parameters([]), "update")
            .await
    }

    async fn package_method(
        &self,
        package: &PackageId,
        method: &str,
        parameters: Map<String, Value>,
        verb: &str,
    ) -> Result<(), SiteError> {
        let returned = self
            .call("SMS_Package", package, method, parameters)
            .await?;
        returned.done(&format!("{verb} package {package}"))?;
        Ok(())
    }

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
            // The pages name this parameter in two ways; absent means true, so it is sent only to say no.
            parameters.insert("RemovePackageFromDPs".to_owned(), false.into());
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
        let returned = self.call(class, group, method, parameters).await?;
        returned.done(&format!("{verb} group {group}"))?;
        Ok(())
    }

    /// Has every file of a package on one point hashed again; the result comes as status.
    pub async fn verify_package(&self, assignment: &AssignmentId) -> Result<(), SiteError> {
        self.point_method("VerifyPackage", assignment, "verify")
            .await
    }

    /// Stops a copy that is under way. Without effect on a point that shares the site server's library.
    pub async fn cancel_distribution(&self, assignment: &AssignmentId) -> Result<(), SiteError> {
        self.point_method("CancelDistribution", assignment, "cancel the copy of")
            .await
    }

    /// A method of the class that takes package and point; asked with the other names of its parameters where the site
    /// does not know the first.
    async fn point_method(
        &self,
        method: &str,
        assignment: &AssignmentId,
        verb: &str,
    ) -> Result<(), SiteError> {
        let first = parameters([
            ("PackageId", json!(assignment.package)),
            ("NALPath", json!(assignment.nal_path)),
        ]);
        let second = first.iter().map(|(name, value)| {
            let name = oddities::other_spelling(name).unwrap_or(name);
            (name.to_owned(), value.clone())
        });
        let second = second.collect();
        let returned: Returned = match self.called_static(ASSIGNMENT, method, first).await {
            Err(Refused {
                status: Some(status),
                ..
            }) if oddities::misread_parameters(status) => {
                self.call_static(ASSIGNMENT, method, second).await?
            }
            other => other?,
        };
        returned.done(&format!("{verb} {}", named(assignment)))?;
        Ok(())
    }

    /// Takes a package off one point.
    ///
    /// The one guarded attempt with a NAL path in a URL: no method does this, and the class is known to delete so over
    /// other ways in. A site that cannot read the address says so with 400, 404 or 405, and has done nothing.
    pub async fn remove_assignment(&self, assignment: &AssignmentId) -> Result<(), SiteError> {
        let attempt = format!("remove {}", named(assignment));
        let target = Target::Object {
            class: ASSIGNMENT.to_owned(),
            key: oddities::address_at_all(assignment),
        };
        let ask = Ask {
            method: Method::DELETE,
            path: self.path(&target, None),
            body: None,
            attempt: attempt.clone(),
            what: Some(named(assignment)),
        };
        match self.ask(ask).await {
            Ok(_) => Ok(()),
            Err(refused) => Err(match refused.status {
                Some(
                    StatusCode::BAD_REQUEST
                    | StatusCode::NOT_FOUND
                    | StatusCode::METHOD_NOT_ALLOWED,
                ) => SiteError::Refused {
                    attempt,
                    reason: format!(
                        "not possible here: this site cannot address one point ({}); use a group, or a console on Windows",
                        refused.error
                    ),
                    code: None,
                },
                _ => refused.error,
            }),
        }
    }
}

fn named(assignment: &AssignmentId) -> String {
    let point = assignment.nal_path.server();
    format!("package {} on {point}", assignment.package)
}
