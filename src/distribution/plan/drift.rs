//! Whether the facts a plan relied on still hold (DRF-E01).

mod bounds;

use jiff::Timestamp;

use super::build::{fingerprint, kinds};
use super::{Counted, Plan, SiteName, Version};
use crate::distribution::check::Finding;
use crate::distribution::facts::{Fact, Facts, Impact, PackageFact, Question};
use crate::distribution::words;
use crate::sms::ids::SiteCode;
use crate::sms::nal::NalPath;

impl Plan {
    /// What to ask the site again before the plan is carried out.
    pub fn questions(&self) -> Vec<Question> {
        let target = self.relied.target.asked.clone().map(Question::Impact);
        let package = self.relied.package.as_ref();
        let copies = package.filter(|_| !self.relied.copies.is_empty());
        let copies = copies.map(|version| Question::Content(version.package.to_string()));
        let package = package.map(|version| Question::Package(version.package.to_string()));
        [Some(Question::Site), package, copies, target]
            .into_iter()
            .flatten()
            .collect()
    }

    /// What has changed since it was made. Anything that stops means planning anew.
    pub fn drift(&self, facts: &Facts, now: Timestamp) -> Vec<Finding> {
        let mut findings = Vec::new();
        findings.extend(self.drift_of_time(now));
        findings.extend(self.drift_of_site(facts));
        findings.extend(self.drift_of_package(facts));
        findings.extend(self.drift_of_members(facts));
        findings
    }

    /// A plan that has waited too long, as a finding.
    pub fn drift_of_time(&self, now: Timestamp) -> Option<Finding> {
        self.is_expired(now).then(|| {
            let what = format!(
                "This plan was made on {} and may wait 24 hours at most.",
                day(self.made_at)
            );
            Finding::stops("DRF-E02", what).because("Plan it anew.")
        })
    }

    /// The site at hand under another name in the settings than the plan's.
    pub fn drift_of_name(&self, name: &str) -> Option<Finding> {
        (name != self.site.name).then(|| {
            let what = format!(
                "This plan is for the site called {} in the settings, and this is the one called {name}.",
                self.site.name
            );
            Finding::stops("DRF-E03", what)
        })
    }

    /// The site at hand by what it says of itself.
    pub fn drift_of_identity(&self, code: &SiteCode, title: &str, server: &str) -> Option<Finding> {
        let planned = &self.site;
        let found = SiteName {
            name: planned.name.clone(),
            code: code.clone(),
            title: title.to_owned(),
            server: server.to_owned(),
        };
        (!planned.is(&found)).then(|| {
            let what = format!(
                "This plan is for site {}, and this is site {}.",
                planned.told(),
                found.told()
            );
            Finding::stops("DRF-E03", what)
        })
    }

    fn drift_of_site(&self, facts: &Facts) -> Option<Finding> {
        match facts.site() {
            Fact::Known { value, .. } => {
                self.drift_of_identity(&value.code, &value.name, &value.server)
            }
            unknown => {
                let reason = unknown.doubt().unwrap_or_default();
                let what = format!("The site could not be asked again which one it is: {reason}.");
                Some(Finding::stops("DRF-E01", what))
            }
        }
    }

    fn drift_of_package(&self, facts: &Facts) -> Option<Finding> {
        let planned = self.relied.package.as_ref()?;
        let found = facts.packages(planned.package.as_str());
        let Some(package) = found.value().and_then(|found| found.first()) else {
            let reason = found.doubt().unwrap_or("it is gone, or hidden from you");
            let what = format!(
                "The package {} could not be read again: {reason}.",
                planned.package
            );
            return Some(Finding::stops("DRF-E01", what));
        };
        let now = package.row.source_version.unwrap_or_default();
        if now != planned.source_version {
            let what = format!(
                "The files of {} had version {} when this was planned and have version {now} now.",
                package.title(),
                planned.source_version
            );
            return Some(Finding::stops("DRF-E01", what).because("Plan it anew."));
        }
        self.drift_of_program(package)
            .or_else(|| self.drift_of_copies(planned, facts))
    }

    /// An existing program that does something else by now.
    fn drift_of_program(&self, package: &PackageFact) -> Option<Finding> {
        let planned = self.relied.program.as_ref()?;
        let what = match package.program(&planned.name) {
            None => format!(
                "{} has no program called {} any more.",
                package.title(),
                planned.name
            ),
            Some(now) if now.command_line != planned.command => format!(
                "The program {} ran '{}' when this was planned and runs '{}' now.",
                planned.name, planned.command, now.command_line
            ),
            Some(now) if now.program_flags != self.relied.program_flags => format!(
                "The program {} runs in another way than when this was planned: its flags were {:#x} and are {:#x} now.",
                planned.name,
                self.relied.program_flags.bits(),
                now.program_flags.bits()
            ),
            Some(_) => return None,
        };
        Some(Finding::stops("DRF-E01", what).because("Look at it, then plan it anew."))
    }

    /// Points that held the files, so that nothing had to be sent or waited for.
    fn drift_of_copies(&self, planned: &Version, facts: &Facts) -> Option<Finding> {
        if self.relied.copies.is_empty() {
            return None;
        }
        let content = facts.content(planned.package.as_str());
        let what = match content {
            Fact::Known { value, .. } => {
                let holds = |point: &NalPath| value.current().any(|copy| copy.nal_path == *point);
                let gone: Vec<&str> = self
                    .relied
                    .copies
                    .iter()
                    .filter(|point| !holds(point))
                    .map(NalPath::server)
                    .collect();
                if gone.is_empty() {
                    return None;
                }
                format!(
                    "{} held the files when this was planned and {} now.",
                    words::few(&gone),
                    if gone.len() == 1 {
                        "does not"
                    } else {
                        "do not"
                    }
                )
            }
            unknown => format!(
                "Which points hold the files could not be read again: {}.",
                unknown.doubt().unwrap_or_default()
            ),
        };
        Some(Finding::stops("DRF-E01", what).because("Devices could not fetch them: plan it anew."))
    }

    fn drift_of_members(&self, facts: &Facts) -> Option<Finding> {
        let target = self.relied.target.asked.as_ref()?;
        let Counted::Known(planned) = self.relied.target.members else {
            return None;
        };
        let impact = match facts.impact(target) {
            Fact::Known { value, .. } => value,
            unknown => {
                let reason = unknown.doubt().unwrap_or_default();
                let what = format!("The members could not be counted again: {reason}.");
                return Some(Finding::stops("DRF-E01", what));
            }
        };
        count_drift(planned, impact.members, &self.relied.thresholds)
            .or_else(|| self.drift_of_kinds(impact))
            .or_else(|| self.drift_of_persons(impact))
    }

    /// A server among workstations is no small change, whatever the count; nor is not knowing any more.
    fn drift_of_kinds(&self, impact: &Impact) -> Option<Finding> {
        let (before, now) = (&self.relied.target.impact, kinds(impact));
        let sorts = [
            ("servers", before.servers, now.servers),
            ("site systems", before.site_systems, now.site_systems),
        ];
        let text = sorts.into_iter().find_map(|(what, before, now)| {
            let before = before?;
            let Some(now) = now else {
                let reason = impact.kinds.doubt().unwrap_or("the site does not say");
                return Some(format!("The {what} among the members could not be told apart again: {reason}."));
            };
            (now > before).then(|| {
                format!(
                    "There were {before} {what} among the members when this was planned, and there are {now} now."
                )
            })
        })?;
        Some(Finding::stops("DRF-E01", text).because("Look at the collection, then plan it anew."))
    }

    fn drift_of_persons(&self, impact: &Impact) -> Option<Finding> {
        let (before, now) = (
            self.relied.target.members_hash.as_ref()?,
            fingerprint(impact)?,
        );
        (*before != now).then(|| {
            Finding::note(
                "DRF-I01",
                "The members are not quite the same as when this was planned; their number is.",
            )
        })
    }
}

fn day(moment: Timestamp) -> String {
    moment.strftime("%-d %b %Y %H:%M UTC").to_string()
}

/// Members that may come and go without a word, whatever the size of the collection.
const FEW: u64 = 5;

/// How a changed member count stands against a plan: within ±10 % or ±5 members it is no matter, unless it crosses a
/// threshold, where other rules begin.
pub fn count_drift(planned: u64, now: u64, thresholds: &[u64]) -> Option<Finding> {
    let change = planned.abs_diff(now);
    let is_small = change <= FEW || change.saturating_mul(10) <= planned;
    let crossed = thresholds
        .iter()
        .find(|threshold| **threshold > 0 && (planned < **threshold) != (now < **threshold));
    if is_small && crossed.is_none() {
        return None;
    }
    let what = format!(
        "The collection had {} when this was planned and has {} now.",
        words::count(planned, "member", "members"),
        words::number(now)
    );
    let finding = Finding::stops("DRF-E01", what);
    Some(match crossed {
        Some(threshold) => finding.because(format!(
            "Other rules hold from {} members on: plan it anew.",
            words::number(*threshold)
        )),
        None => finding.because("Look at the collection, then plan it anew."),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: &[u64] = &[100, 500];

    #[test]
    fn a_few_members_more_or_less_are_no_matter() {
        for (planned, now) in [
            (37, 37),
            (37, 42),
            (37, 32),
            (3, 8),
            (5, 0),
            (80, 88),
            (400, 440),
            (400, 360),
        ] {
            assert_eq!(count_drift(planned, now, LIMITS), None, "{planned} → {now}");
        }
    }

    #[test]
    fn more_than_a_tenth_stops() {
        for (planned, now) in [(37, 43), (37, 31), (200, 221), (37, 1912), (40, 0)] {
            let finding = count_drift(planned, now, LIMITS).unwrap();
            assert_eq!(finding.code, "DRF-E01", "{planned} → {now}");
        }
        let finding = count_drift(37, 1_912, &[]).unwrap();
        assert_eq!(
            finding.what,
            "The collection had 37 members when this was planned and has 1,912 now."
        );
    }

    #[test]
    fn a_threshold_is_never_crossed_however_small_the_step() {
        for (planned, now) in [(99, 100), (100, 99), (499, 500), (503, 499)] {
            assert!(
                count_drift(planned, now, LIMITS).is_some(),
                "{planned} → {now}"
            );
        }
        assert_eq!(count_drift(99, 100, &[0]), None, "a limit of 0 is off");
    }
}
