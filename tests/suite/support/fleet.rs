//! A small fleet as the site would tell it: the objects the drawn screens show, and some more around them.

#![expect(clippy::unused_self, reason = "whatever a fleet shows is asked of it")]

use std::collections::HashMap;

use consign::client::details::{
    AdvertisementDetail, CollectionDetail, DeploymentDetail, DeviceDetail, GroupDetail,
    MaintenanceLine, PackageDetail, PointDetail, ProgramDetail, Relation, RuleLine, Side, When,
};
use consign::client::listing::beside::{Copies, Offers, by};
use consign::client::listing::{
    AssignmentLine, Beside, Clock, CollectionLine, CopyStatus, DeploymentLine, DeviceLine,
    GroupLine, MemberLine, PackageLine, PointLine, ProgramLine, StatusLine,
};
use consign::sms::advertisement::{Advertisement, AdvertisementRow};
use consign::sms::collection::{Collection, CollectionRow, MemberRow, Relationship};
use consign::sms::distribution_point::{AssignmentRow, GroupRow, PointRow};
use consign::sms::ids::{CollectionId, DeploymentId, PackageId};
use consign::sms::nal::NalPath;
use consign::sms::package::{Package, PackageRow};
use consign::sms::program::{Program, ProgramRow};
use consign::sms::resource::{Device, DeviceRow};
use consign::sms::service_window::ServiceWindow;
use consign::sms::status::{ClientStatusRow, ContentRow, DeploymentSummaryRow, PointStatusRow};
use jiff::Zoned;
use serde_json::{Value, json};

/// The moment of every test: a Saturday afternoon.
pub fn now() -> Zoned {
    "2026-11-28T14:02:11+01:00[Europe/Berlin]".parse().unwrap()
}

pub fn clock() -> Clock {
    let now = now();
    Clock::in_zone(now.timestamp(), now.time_zone().clone())
}

/// Everything on the site, as the client task would have read it.
pub struct Fleet {
    beside: Beside,
    packages: Vec<Value>,
    programs: Vec<Value>,
    collections: Vec<Value>,
    advertisements: Vec<Value>,
    pub devices: usize,
    /// Members of every collection that the account is not shown.
    pub hidden: usize,
}

const POINTS: [&str; 3] = ["dp01.lab.example", "dp02.lab.example", "dp03.lab.example"];

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}

fn nal(server: &str) -> String {
    format!("[\"Display=\\\\{server}\\\"]MSWNET:[\"SMS_SITE=LAB\"]\\\\{server}\\")
}

/// Name, version, maker, files in KB, points that have them.
const PACKAGES: [(&str, &str, &str, u32, u32); 14] = [
    ("7-Zip", "24.08", "Igor Pavlov", 1_640, 3),
    ("Acrobat Reader", "24", "Adobe Inc.", 412_000, 3),
    ("Chrome", "130", "Google LLC", 118_000, 3),
    ("Line Tool", "3.1", "Example Works", 305_152, 0),
    ("VPN client", "5.1", "Example Networks", 48_000, 2),
    ("Zoom", "6", "Zoom Communications", 96_000, 3),
    ("Notepad++", "8.7", "Don Ho", 5_400, 3),
    ("Firefox ESR", "128", "Mozilla", 72_000, 3),
    ("Printer drivers", "2026-10", "Example Works", 1_240_000, 1),
    ("Set power plan", "", "", 0, 0),
    ("Python", "3.13", "Python Software Foundation", 28_000, 3),
    ("日本語入力パック", "2.0", "Example KK", 9_100, 3),
    ("Git", "2.47", "The Git Project", 66_000, 3),
    ("Teams cleanup", "1", "Example Works", 0, 0),
];

/// Name, package, program, collection, offer type, flags, time flags, present, deadline, expires, counts.
type Offer = (
    &'static str,
    usize,
    &'static str,
    usize,
    u32,
    u32,
    u32,
    &'static str,
    &'static str,
    &'static str,
    [i32; 5],
);

const OFFERS: [Offer; 7] = [
    (
        "7-Zip 24.08 Install",
        0,
        "Install",
        1,
        0,
        0,
        0x11,
        "2026-11-28T08:00:00Z",
        "2026-11-30T20:00:00Z",
        "",
        [37, 31, 2, 0, 4],
    ),
    (
        "Acrobat Reader 24 Install",
        1,
        "Install",
        1,
        2,
        0,
        0x1,
        "2026-11-20T08:00:00Z",
        "",
        "",
        [37, 9, 0, 0, 28],
    ),
    (
        "VPN client 5.1 Install",
        4,
        "Install",
        2,
        0,
        0,
        0x11,
        "2026-11-26T08:00:00Z",
        "2026-11-27T20:00:00Z",
        "",
        [12, 0, 0, 12, 0],
    ),
    (
        "Line Tool 3.1 Install",
        3,
        "Install",
        1,
        0,
        0,
        0x11,
        "2026-11-28T08:00:00Z",
        "2026-12-01T02:00:00Z",
        "",
        [0, 0, 0, 0, 0],
    ),
    (
        "Chrome 130 Install",
        2,
        "Install",
        1,
        0,
        0,
        0x11,
        "2026-11-02T08:00:00Z",
        "2026-11-02T20:00:00Z",
        "",
        [37, 36, 0, 1, 0],
    ),
    (
        "Zoom 6 Remove",
        5,
        "Remove",
        3,
        0,
        0,
        0x13,
        "2026-09-02T08:00:00Z",
        "2026-09-02T20:00:00Z",
        "2026-10-01T00:00:00Z",
        [12, 6, 0, 1, 5],
    ),
    (
        "Set power plan",
        9,
        "Apply",
        0,
        0,
        0x20,
        0x1,
        "2026-11-01T08:00:00Z",
        "",
        "",
        [400, 388, 0, 12, 0],
    ),
];

/// Id, type, intent, name, collection, when it is enforced; targeted, successful, failed.
type Other = (
    &'static str,
    u32,
    u32,
    &'static str,
    usize,
    &'static str,
    [i32; 3],
);

/// What is deployed beside the advertisements.
const OTHERS: [Other; 2] = [
    (
        "{00000000-0000-4000-8000-000000000001}",
        1,
        1,
        "Google Chrome",
        2,
        "2026-11-24T20:00:00Z",
        [12, 10, 0],
    ),
    (
        "LAB2000A",
        7,
        1,
        "Windows 11 in-place upgrade",
        4,
        "2026-12-07T02:00:00Z",
        [64, 0, 0],
    ),
];

fn other_summary(other: &Other) -> Value {
    let (id, feature, intent, name, collection, at, [targeted, success, errors]) = *other;
    json!({
        "DeploymentID": id, "FeatureType": feature, "DeploymentIntent": intent, "SoftwareName": name,
        "CollectionID": collection_id(collection), "CollectionName": COLLECTIONS[collection].0,
        "DeploymentTime": "2026-11-10T08:00:00Z", "EnforcementDeadline": at, "SummarizationTime": "2026-11-28T13:00:00Z",
        "NumberTargeted": targeted, "NumberSuccess": success, "NumberErrors": errors, "NumberInProgress": 0,
        "NumberOther": 0, "NumberUnknown": targeted - success - errors,
    })
}

/// A package this console shows and does not change.
fn boot_image() -> Value {
    json!({
        "PackageID": "LAB00002", "Name": "Boot image (x64)", "Version": "10.0.26100", "Manufacturer": "Microsoft",
        "PackageType": 258, "PkgSourceFlag": 2, "PkgSourcePath": r"\\lab\osd\boot.wim", "SourceVersion": 1,
        "NumOfPrograms": 0,
    })
}

/// Name, members, built in, limited to, windows, status.
const COLLECTIONS: [(&str, i32, bool, usize, i32, u32); 8] = [
    ("All Desktop and Server Clients", 400, true, 0, 0, 1),
    ("Pilot PCs", 37, false, 0, 1, 1),
    ("Pilot laptops", 12, false, 0, 0, 1),
    ("Old laptops", 12, false, 0, 0, 1),
    ("Finance PCs", 64, false, 0, 1, 4),
    ("Servers", 21, false, 0, 2, 1),
    ("Empty so far", 0, false, 1, 0, 1),
    ("Site in Kraków, 2nd floor", 18, false, 0, 0, 1),
];

fn package_id(at: usize) -> String {
    format!("LAB{:05X}", at + 12)
}

fn collection_id(at: usize) -> String {
    if at == 0 {
        "SMSDM003".to_owned()
    } else {
        format!("LAB{:05X}", at + 19)
    }
}

fn advertisement_id(at: usize) -> String {
    format!("LAB2{:04X}", at + 1)
}

fn command(program: &str, name: &str) -> String {
    match program {
        "Remove" => "msiexec.exe /x {3F1A} /qn /norestart".to_owned(),
        "Apply" => "powercfg.exe /setactive SCHEME_BALANCED".to_owned(),
        _ => format!(
            "msiexec.exe /i \"{}.msi\" /qn /norestart",
            name.to_lowercase().replace(' ', "-")
        ),
    }
}

impl Default for Fleet {
    fn default() -> Self {
        Self::of(400)
    }
}

impl Fleet {
    /// The fleet with so many devices.
    pub fn of(devices: usize) -> Self {
        Self::grown(PACKAGES.len(), devices)
    }

    /// The fleet with so many packages, the same names over and over, and so many devices.
    pub fn grown(packages: usize, devices: usize) -> Self {
        let packages: Vec<Value> = PACKAGES
            .iter()
            .cycle()
            .take(packages)
            .enumerate()
            .map(|(at, one)| package(at, *one))
            .chain([boot_image()])
            .collect();
        let programs: Vec<Value> = (0..PACKAGES.len()).flat_map(program_values).collect();
        let collections: Vec<Value> = (0..COLLECTIONS.len()).map(collection).collect();
        let advertisements: Vec<Value> = (0..OFFERS.len()).map(advertisement).collect();
        let offers: Vec<AdvertisementRow> = advertisements.iter().map(read).collect();
        let statuses: Vec<PointStatusRow> = copies();
        let beside = Beside {
            packages: Some(by(
                packages.iter().map(read).collect(),
                |row: &PackageRow| row.package_id.clone(),
            )),
            programs: Some(by(
                programs.iter().map(read).collect(),
                |row: &ProgramRow| row.id().into(),
            )),
            collections: Some(by(
                collections.iter().map(read).collect(),
                |row: &CollectionRow| row.collection_id.clone(),
            )),
            contents: Some(contents()),
            summaries: Some(by(
                (0..OFFERS.len()).map(summary).collect(),
                |row: &DeploymentSummaryRow| row.advertisement().unwrap(),
            )),
            others: Vec::new(),
            offers: Some(Offers::count(&offers)),
            copies: Some(Copies::count(&statuses)),
            groups: None,
        };
        Self {
            beside,
            packages,
            programs,
            collections,
            advertisements,
            devices,
            hidden: 0,
        }
    }

    pub fn packages(&self) -> Vec<PackageLine> {
        self.packages
            .iter()
            .map(|row| PackageLine::new(read(row), &self.beside, &clock()))
            .collect()
    }

    pub fn programs(&self) -> Vec<ProgramLine> {
        self.programs
            .iter()
            .map(|row| ProgramLine::new(read(row), &self.beside))
            .collect()
    }

    pub fn collections(&self) -> Vec<CollectionLine> {
        self.collections
            .iter()
            .map(|row| CollectionLine::new(read(row), &self.beside, &clock()))
            .collect()
    }

    pub fn advertisements(&self) -> Vec<DeploymentLine> {
        self.advertisements
            .iter()
            .map(|row| DeploymentLine::new(read(row), &self.beside, &clock()))
            .chain(OTHERS.iter().map(|other| self.other(other)))
            .collect()
    }

    /// Advertisements that fit, and nothing else.
    fn advertised(&self, fits: impl Fn(&AdvertisementRow) -> bool) -> Vec<DeploymentLine> {
        let mut lines = self.advertisements();
        lines.retain(|line| line.advertisement().is_some_and(&fits));
        lines
    }

    fn other(&self, other: &Other) -> DeploymentLine {
        DeploymentLine::other(read(&other_summary(other)), &self.beside, &clock())
    }

    pub fn deployment(&self, id: &DeploymentId) -> Option<DeploymentDetail> {
        let other = OTHERS.iter().find(|other| other.0 == id.as_str())?;
        Some(DeploymentDetail {
            line: self.other(other),
            raw: other_summary(other),
            gaps: Vec::new(),
        })
    }

    pub fn points(&self) -> Vec<PointLine> {
        POINTS
            .iter()
            .map(|server| PointLine::new(read(&point(server)), &self.beside))
            .collect()
    }

    pub fn groups(&self) -> Vec<GroupLine> {
        let row: GroupRow = read(&json!({
            "GroupID": "{G1}", "Name": "DE points", "MemberCount": 3, "ContentCount": 11,
            "OutOfSyncContentCount": 1, "ContentInSync": false, "CollectionCount": 0,
        }));
        vec![GroupLine::new(row)]
    }

    pub fn device(&self, at: usize) -> DeviceLine {
        DeviceLine::new(read(&device(at)), &clock())
    }

    pub fn members(&self, of: &CollectionId) -> Vec<MemberLine> {
        let found = self
            .collections()
            .into_iter()
            .find(|line| line.collection_id() == of);
        let count = found.map_or(0, |line| line.members() as usize);
        (0..count.saturating_sub(self.hidden))
            .map(|at| MemberLine::new(member(of, at)))
            .collect()
    }

    pub fn statuses(&self) -> Vec<StatusLine> {
        (0..37)
            .map(|at| StatusLine::new(status(at), Some(format!("PC-{:04}", at + 1)), &clock()))
            .collect()
    }

    fn assignments(&self, of: impl Fn(&AssignmentRow) -> bool) -> Vec<AssignmentLine> {
        let statuses = copies();
        let rows = PACKAGES.iter().enumerate().flat_map(|(at, (.., points))| {
            POINTS
                .iter()
                .take(*points as usize)
                .map(move |server| assignment(at, server))
        });
        rows.filter(of)
            .map(|row| {
                let status = statuses.iter().find(|status| {
                    status.package_id == row.package_id
                        && status.server_nal_path == row.server_nal_path
                });
                let copy = status.cloned().map_or(CopyStatus::Unsaid, CopyStatus::Said);
                AssignmentLine::new(row, copy, None, &self.beside, &clock())
            })
            .collect()
    }

    pub fn package(&self, id: &PackageId) -> Option<PackageDetail> {
        let line = self
            .packages()
            .into_iter()
            .find(|line| line.package_id() == id)?;
        let raw = self
            .packages
            .iter()
            .find(|row| row["PackageID"] == id.as_str())?;
        Some(PackageDetail {
            package: read::<Package>(raw),
            programs: Ok(self
                .programs()
                .into_iter()
                .filter(|line| line.row.package_id == *id)
                .collect()),
            content: Ok(self.assignments(|row| row.package_id == *id)),
            advertisements: Ok(self.advertised(|row| row.package_id == *id)),
            line,
            raw: raw.clone(),
            gaps: Vec::new(),
        })
    }

    pub fn program(&self, id: &consign::sms::ids::ProgramId) -> Option<ProgramDetail> {
        let line = self
            .programs()
            .into_iter()
            .find(|line| line.program_id() == *id)?;
        let raw = self.programs.iter().find(|row| {
            row["PackageID"] == id.package.as_str() && row["ProgramName"] == id.name.as_str()
        })?;
        Some(ProgramDetail {
            program: read::<Program>(raw),
            advertisements: Ok(self.advertised(|row| row.program().is_same(id))),
            line,
            raw: raw.clone(),
            gaps: Vec::new(),
        })
    }

    pub fn collection(&self, id: &CollectionId) -> Option<CollectionDetail> {
        let line = self
            .collections()
            .into_iter()
            .find(|line| line.collection_id() == id)?;
        let mut raw = self
            .collections
            .iter()
            .find(|row| row["CollectionID"] == id.as_str())?
            .clone();
        raw["CollectionRules"] = json!([
            {"@odata.type": "#AdminService.SMS_CollectionRuleQuery", "RuleName": "By name", "QueryID": 1,
             "QueryExpression": "select * from SMS_R_System where Name like 'PC-00%'"},
            {"@odata.type": "#AdminService.SMS_CollectionRuleExcludeCollection", "RuleName": "Servers",
             "ExcludeCollectionID": "LAB00018"},
        ]);
        raw["RefreshType"] = json!(6);
        let collection: Collection = read(&raw);
        let window: ServiceWindow = read(&json!({
            "Name": "Saturday night", "Description": "", "ServiceWindowID": "{W1}", "IsEnabled": true,
            "ServiceWindowSchedules": "00343940081A2000", "ServiceWindowType": 1,
        }));
        Some(CollectionDetail {
            rules: collection
                .collection_rules
                .iter()
                .map(|rule| RuleLine::new(rule, |_| "Servers".to_owned()))
                .collect(),
            relations: Ok(vec![Relation {
                how: Relationship::Limiting,
                side: Side::Uses,
                id: CollectionId::new("SMSDM003"),
                name: "All Desktop and Server Clients".to_owned(),
            }]),
            windows: Ok(vec![MaintenanceLine::new(&window, &clock())]),
            advertisements: Ok(self
                .advertisements()
                .into_iter()
                .filter(|line| line.collection_id() == Some(id))
                .collect()),
            collection,
            line,
            raw,
            gaps: Vec::new(),
        })
    }

    pub fn point(&self, path: &NalPath) -> Option<PointDetail> {
        let line = self
            .points()
            .into_iter()
            .find(|line| line.row.nal_path.is_same(path))?;
        Some(PointDetail {
            holds: Ok(self.assignments(|row| row.server_nal_path.is_same(path))),
            raw: point(line.row.server()),
            line,
            gaps: Vec::new(),
        })
    }

    pub fn group(&self) -> GroupDetail {
        GroupDetail {
            line: self.groups().remove(0),
            servers: Some(POINTS.map(str::to_owned).to_vec()),
            raw: json!({"GroupID": "{G1}"}),
            gaps: Vec::new(),
        }
    }

    pub fn advertisement(
        &self,
        id: &consign::sms::ids::AdvertisementId,
    ) -> Option<AdvertisementDetail> {
        let line = self.advertisements().into_iter().find(|line| {
            line.advertisement()
                .is_some_and(|row| row.advertisement_id == *id)
        })?;
        let at = self
            .advertisements
            .iter()
            .position(|row| row["AdvertisementID"] == id.as_str())?;
        let mut raw = self.advertisements[at].clone();
        let offer = OFFERS[at];
        raw["PresentTimeEnabled"] = json!(true);
        if !offer.8.is_empty() {
            raw["AssignedScheduleEnabled"] = json!(true);
            raw["AssignedSchedule"] = json!([{
                "@odata.type": "#AdminService.SMS_ST_NonRecurring", "StartTime": offer.8, "IsGMT": false,
                "DayDuration": 0, "HourDuration": 0, "MinuteDuration": 0,
            }]);
        }
        let advertisement: Advertisement = read(&raw);
        let package = PackageId::new(&package_id(offer.1));
        Some(AdvertisementDetail {
            when: When::of(&advertisement, &clock()),
            program: self
                .programs
                .iter()
                .map(read::<ProgramRow>)
                .find(|row| row.id() == advertisement.program()),
            content: Ok(self.assignments(|row| row.package_id == package)),
            advertisement,
            line,
            raw,
            gaps: Vec::new(),
        })
    }

    pub fn device_detail(&self, id: consign::sms::ids::ResourceId) -> DeviceDetail {
        let raw = device((id.0 as usize).saturating_sub(16_777_220));
        let line = DeviceLine::new(read::<DeviceRow>(&raw), &clock());
        DeviceDetail {
            device: read::<Device>(&raw),
            last_sign_in: clock().utc(line.row.last_logon_timestamp),
            collections: Ok(self.collections().into_iter().take(3).collect()),
            advertisements: Ok(self.advertisements().into_iter().take(4).collect()),
            raw,
            gaps: Vec::new(),
        }
    }
}

fn package(at: usize, (name, version, maker, size, _): (&str, &str, &str, u32, u32)) -> Value {
    json!({
        "PackageID": package_id(at), "Name": name, "Version": version, "Manufacturer": maker, "Language": "",
        "Description": "", "PackageType": 0, "PkgFlags": 0, "PkgSourceFlag": if size > 0 { 2 } else { 1 },
        "PkgSourcePath": if size > 0 { format!("\\\\files.lab.example\\apps\\{name}") } else { String::new() },
        "Priority": 2, "ShareType": 1, "ActionInProgress": 0, "SourceVersion": 2,
        "SourceDate": "2026-11-20T09:15:00Z", "SourceSite": "LAB", "NumOfPrograms": program_names(at).len(),
        "PackageSize": size, "LastRefreshTime": "2026-11-20T09:15:00Z",
    })
}

fn program_names(at: usize) -> &'static [&'static str] {
    match at {
        5 => &["Install", "Remove"],
        9 => &["Apply"],
        13 => &["Run"],
        _ => &["Install"],
    }
}

fn program_values(at: usize) -> Vec<Value> {
    let (name, version, ..) = PACKAGES[at];
    program_names(at)
        .iter()
        .map(|program| {
            json!({
                "PackageID": package_id(at), "ProgramName": program, "PackageName": name, "PackageVersion": version,
                "PackageType": 0, "CommandLine": command(program, name), "WorkingDirectory": "", "Comment": "",
                "Duration": 60, "ProgramFlags": if at == 13 { 0x0810_B000_u32 } else { 0x0910_A000 },
                "DependentProgram": "", "DiskSpaceReq": "", "DriveLetter": "", "ActionInProgress": 0,
            })
        })
        .collect()
}

fn collection(at: usize) -> Value {
    let (name, members, built_in, limit, windows, status) = COLLECTIONS[at];
    let limited = at > 0;
    json!({
        "CollectionID": collection_id(at), "Name": name, "Comment": "", "CollectionType": 2, "MemberCount": members,
        "LimitToCollectionID": if limited { collection_id(limit) } else { String::new() },
        "LimitToCollectionName": if limited { COLLECTIONS[limit].0 } else { "" },
        "CurrentStatus": status, "IsBuiltIn": built_in, "IsReferenceCollection": !limited,
        "ServiceWindowsCount": windows, "IncludeExcludeCollectionsCount": 0,
        "LastChangeTime": "2026-11-20T09:15:00Z", "LastMemberChangeTime": "2026-11-28T12:50:00Z",
        "LastRefreshTime": "2026-11-28T12:50:00Z",
    })
}

fn advertisement(at: usize) -> Value {
    let (name, package, program, collection, offer, flags, times, present, _, expires, _) =
        OFFERS[at];
    json!({
        "AdvertisementID": advertisement_id(at), "AdvertisementName": name, "Comment": "",
        "PackageID": package_id(package), "ProgramName": program, "CollectionID": collection_id(collection),
        "OfferType": offer, "AdvertFlags": flags, "RemoteClientFlags": 8240, "TimeFlags": times,
        "PresentTime": present, "ExpirationTime": if expires.is_empty() { Value::Null } else { json!(expires) },
        "Priority": 2, "ActionInProgress": 0, "SourceSite": "LAB",
    })
}

fn summary(at: usize) -> DeploymentSummaryRow {
    let (_, package, program, collection, _, _, _, present, deadline, _, counts) = OFFERS[at];
    let [targeted, success, progress, errors, unknown] = counts;
    read(&json!({
        "DeploymentID": advertisement_id(at), "FeatureType": 2, "PackageID": package_id(package),
        "ProgramName": program, "CollectionID": collection_id(collection), "DeploymentTime": present,
        "EnforcementDeadline": if deadline.is_empty() { Value::Null } else { json!(deadline) },
        "SummarizationTime": "2026-11-28T13:00:00Z", "NumberTargeted": targeted, "NumberSuccess": success,
        "NumberInProgress": progress, "NumberErrors": errors, "NumberOther": 0, "NumberUnknown": unknown,
    }))
}

fn contents() -> HashMap<PackageId, ContentRow> {
    let rows = PACKAGES.iter().enumerate().filter(|(_, one)| one.4 > 0).map(|(at, (name, _, _, size, points))| {
        let row: ContentRow = read(&json!({
            "ObjectID": package_id(at), "PackageID": package_id(at), "SoftwareName": name, "Targeted": points,
            "NumberSuccess": points - u32::from(at == 4), "NumberInProgress": 0, "NumberErrors": u32::from(at == 4),
            "NumberUnknown": 0, "SourceVersion": 2, "SourceSize": size,
        }));
        (PackageId::new(&package_id(at)), row)
    });
    rows.collect()
}

fn copies() -> Vec<PointStatusRow> {
    let rows = PACKAGES.iter().enumerate().flat_map(|(at, (.., points))| {
        POINTS.iter().take(*points as usize).enumerate().map(move |(number, server)| {
            let failed = at == 4 && number == 1;
            read(&json!({
                "PackageID": package_id(at), "ServerNALPath": nal(server), "SiteCode": "LAB",
                "State": if failed { 3 } else { 0 }, "SourceVersion": if failed { 1 } else { 2 },
                "LastCopied": "2026-11-20T09:20:00Z", "SummaryDate": "2026-11-20T09:20:00Z",
            }))
        })
    });
    rows.collect()
}

fn assignment(at: usize, server: &str) -> AssignmentRow {
    read(&json!({
        "PackageID": package_id(at), "ServerNALPath": nal(server), "SiteCode": "LAB", "Status": 0,
        "LastRefreshTime": "2026-11-20T09:20:00Z", "ResourceType": "Windows NT Server",
    }))
}

fn point(server: &str) -> Value {
    let row = json!({
        "NALPath": nal(server), "ResourceType": "Windows NT Server", "SiteCode": "LAB", "ServerName": server,
        "Name": format!("\\\\{server}"), "SiteName": "Laboratory", "Description": "",
        "OperatingSystem": "Windows Server 2022", "GroupCount": 1,
    });
    // Read once, so that a wrong name shows here.
    let _: PointRow = read(&row);
    row
}

fn device(at: usize) -> Value {
    let server = at % 20 == 19;
    let name = if server {
        format!("SRV-{:04}", at + 1)
    } else {
        format!("PC-{:04}", at + 1)
    };
    json!({
        "ResourceId": 16_777_220 + at, "Name": name, "ResourceDomainORWorkgroup": "LAB",
        "OperatingSystemNameandVersion":
            if server { "Microsoft Windows NT Server 10.0" } else { "Microsoft Windows NT Workstation 10.0" },
        "Client": u32::from(at % 37 != 5), "ClientVersion": "5.00.9128.1007", "Active": u32::from(at % 11 != 3),
        "Obsolete": 0, "SMSAssignedSites": ["LAB"], "ADSiteName": "Berlin",
        "LastLogonUserName": format!("user{:03}", at % 250), "LastLogonUserDomain": "LAB",
        "LastLogonTimestamp": "2026-11-27T15:30:00Z", "IPAddresses": ["10.0.0.7"],
    })
}

fn member(of: &CollectionId, at: usize) -> MemberRow {
    read(&json!({
        "CollectionID": of.as_str(), "ResourceID": 16_777_220 + at, "Name": format!("PC-{:04}", at + 1),
        "Domain": "LAB", "ResourceType": 5, "SiteCode": "LAB", "ClientVersion": "5.00.9128.1007",
        "IsDirect": at.is_multiple_of(5), "IsClient": at != 5, "IsActive": at % 11 != 3,
    }))
}

fn status(at: usize) -> ClientStatusRow {
    let (state, name) = match at {
        0..31 => (13, "Succeeded"),
        31..33 => (9, "Running"),
        _ => (8, "Waiting"),
    };
    read(&json!({
        "AdvertisementID": advertisement_id(0), "ResourceID": 16_777_220 + at, "LastAcceptanceState": 1,
        "LastAcceptanceStateName": "Accepted", "LastState": state, "LastStateName": name,
        "LastStatusMessageID": 10_008, "LastStatusMessageIDName": "Program completed with success",
        "LastStatusTime": "2026-11-28T12:40:00Z", "LastExecutionResult": "0",
    }))
}
