//! The advertisement: purpose, times and flag words, each decided and written whole.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::Builder;
use super::audience::Audience;
use super::software::Software;
use crate::distribution::check::Finding;
use crate::distribution::draft::settled::said;
use crate::distribution::draft::{FarPoint, NearPoint, Trigger, When};
use crate::distribution::field::FieldId;
use crate::distribution::operation::advertisement::Expires;
use crate::distribution::operation::{MakeAdvertisement, Operation};
use crate::distribution::plan::OpNumber;
use crate::sms::advertisement_flags::{AdvertFlags, RemoteClientFlags};
use crate::sms::choices::write_fall_back;
use crate::sms::schedule::Token;
use crate::sms::time::Moment;

/// Longest name composed for an advertisement; the site's own limit is not published.
const LONGEST_NAME: usize = 100;

/// When devices see it and when it runs by itself.
struct Times {
    available: Moment,
    assigned: Vec<Token>,
    /// The deadline is written as *as soon as possible* with a later start.
    as_immediate: bool,
}

impl Builder<'_> {
    pub(super) fn offer(&mut self, software: &Software, audience: &Audience, content: &[OpNumber]) {
        let times = self.times();
        let (mut flags, mut remote_flags) =
            (self.advert_flags(), self.remote_flags(software.has_files));
        flags.set(
            AdvertFlags::IMMEDIATE,
            times.as_immediate || self.has_trigger(Trigger::Asap),
        );
        let fallback = software.has_files && self.is_on(FieldId::AdvertisementFallback);
        write_fall_back(fallback, &mut flags, &mut remote_flags);
        let advertisement = MakeAdvertisement {
            name: self.name(software, audience),
            comment: self.comment(),
            collection: audience.collection.clone(),
            package: software.package.clone(),
            program: software.program.clone(),
            offer: self.draft.purpose().offer_type(),
            flags,
            remote_flags,
            available: times.available,
            assigned: times.assigned,
            expires: match self.draft.advertisement.expires {
                Some(when) => Expires::At(self.moment(when)),
                None => Expires::Never,
            },
            utc: self.is_utc(),
        };
        let mut after = vec![software.program_op, audience.ready_op];
        after.extend_from_slice(content);
        self.push(Operation::Advertisement(advertisement), &after);
    }

    /// `7-Zip 24.08 Install → Pilot PCs` unless a name was given.
    fn name(&self, software: &Software, audience: &Audience) -> String {
        if let Some(name) = said(self.draft.advertisement.name.as_ref()) {
            return name.to_owned();
        }
        let name = format!(
            "{} {} → {}",
            software.title, software.program, audience.name
        );
        name.chars().take(LONGEST_NAME).collect()
    }

    fn comment(&self) -> String {
        let parts = [
            self.draft.text(FieldId::AdvertisementComment),
            self.draft.text(FieldId::StartReason),
            "via consign".to_owned(),
        ];
        let said: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        said.join("; ")
    }

    fn has_trigger(&self, trigger: Trigger) -> bool {
        self.draft.is_required() && self.draft.has_trigger(trigger)
    }

    fn times(&mut self) -> Times {
        let available = self.moment(self.draft.available());
        let deadline = self.draft.deadline().filter(|_| self.draft.is_required());
        let Some(deadline) = deadline.map(|when| self.moment(when)) else {
            return Times {
                available,
                assigned: Vec::new(),
                as_immediate: false,
            };
        };
        if self.takes_schedules {
            return Times {
                available,
                assigned: vec![Token::once(deadline)],
                as_immediate: false,
            };
        }
        let what = "This site takes no schedules over its REST service, so the deadline is written as the moment it \
                    becomes available and required at once.";
        let finding = Finding::note("PLN-I03", what).because(
            "Nobody sees it before the deadline, and the download starts at that moment too.",
        );
        self.findings
            .push(finding.at(FieldId::AdvertisementDeadline));
        Times {
            available: deadline,
            assigned: Vec::new(),
            as_immediate: true,
        }
    }

    fn advert_flags(&self) -> AdvertFlags {
        let mut flags = AdvertFlags::empty();
        flags.set(AdvertFlags::ONUSERLOGON, self.has_trigger(Trigger::SignIn));
        flags.set(
            AdvertFlags::ONUSERLOGOFF,
            self.has_trigger(Trigger::SignOut),
        );
        let switches = [
            (FieldId::AdvertisementPeer, AdvertFlags::ENABLE_PEER_CACHING),
            (FieldId::AdvertisementWake, AdvertFlags::WAKE_ON_LAN_ENABLED),
            (
                FieldId::AdvertisementOverrideMw,
                AdvertFlags::OVERRIDE_SERVICE_WINDOWS,
            ),
            (
                FieldId::AdvertisementRebootOutsideMw,
                AdvertFlags::REBOOT_OUTSIDE_OF_SERVICE_WINDOWS,
            ),
        ];
        for (field, flag) in switches {
            flags.set(flag, self.is_on(field));
        }
        // Only what runs by itself can be kept from people.
        let is_hidden = self.draft.is_required() && !self.is_on(FieldId::AdvertisementRunEarly);
        flags.set(AdvertFlags::NO_DISPLAY, is_hidden);
        flags
    }

    fn remote_flags(&self, has_files: bool) -> RemoteClientFlags {
        let mut flags = RemoteClientFlags::empty();
        let (near, far) = if has_files {
            (self.draft.fast(), self.draft.slow())
        } else {
            (NearPoint::Download, FarPoint::DoNotRun)
        };
        near.write_into(&mut flags);
        far.write_into(&mut flags);
        self.draft.rerun().write_into(&mut flags);
        let switches = [
            (
                FieldId::AdvertisementMetered,
                RemoteClientFlags::DP_ALLOW_METERED_NETWORK,
            ),
            (
                FieldId::AdvertisementPersistWriteFilter,
                RemoteClientFlags::PERSIST_ON_WRITE_FILTER_DEVICES,
            ),
        ];
        for (field, flag) in switches {
            flags.set(flag, self.is_on(field));
        }
        flags
    }

    fn is_utc(&self) -> bool {
        self.is_on(FieldId::AdvertisementUtc)
    }

    /// What this machine's clock shows, in the clock the times are meant in, to the minute.
    pub(super) fn clock(&self) -> DateTime {
        let now = if self.is_utc() {
            TimeZone::UTC.to_datetime(self.now.timestamp())
        } else {
            self.now.datetime()
        };
        now.with()
            .second(0)
            .subsec_nanosecond(0)
            .build()
            .unwrap_or(now)
    }

    fn moment(&self, when: When) -> Moment {
        let digits = when.at(self.clock());
        if !self.is_utc() {
            return Moment::DeviceClock(digits);
        }
        match TimeZone::UTC.to_timestamp(digits) {
            Ok(timestamp) => Moment::Utc(timestamp),
            // Only at the ends of the calendar.
            Err(_) => Moment::DeviceClock(digits),
        }
    }
}
