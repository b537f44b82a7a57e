//! Devices of the sample fleet: desktops, laptops and servers with people, sites and last-active times.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, Statement, params};

use super::dice::Dice;
use super::{Sample, Teller, Told};
use crate::site::store::StoreError;
use crate::sms::time::WireTime;

/// `ResourceId` of the first device; numbers of real sites begin near here.
const FIRST_RESOURCE: u32 = 16_777_219;

const SITES: [&str; 4] = ["Berlin", "London", "Oslo", "Sydney"];
const UNITS: [&str; 6] = [
    "FINANCE",
    "SALES",
    "ENGINEERING",
    "HR",
    "SERVICE",
    "LOGISTICS",
];
const WORKSTATIONS: [&str; 4] = ["10.0.26100", "10.0.22631", "10.0.22621", "10.0.19045"];
const SERVERS: [&str; 3] = ["10.0.20348", "10.0.26100", "10.0.17763"];
const CLIENTS: [&str; 4] = [
    "5.00.9132.1011",
    "5.00.9128.1007",
    "5.00.9122.1010",
    "5.00.9096.1000",
];
const ROLES: [&str; 6] = ["WEB", "DB", "FILE", "PRINT", "APP", "DC"];
const FIRST_NAMES: [&str; 20] = [
    "anna", "ben", "carla", "david", "elif", "finn", "greta", "hugo", "ines", "jonas", "kaja",
    "leo", "mia", "nils", "olga", "paul", "rosa", "sven", "tara", "uwe",
];
const LAST_NAMES: [&str; 20] = [
    "albrecht", "berg", "costa", "dahl", "eriksen", "fischer", "garcia", "hansen", "ivanova",
    "jones", "keller", "larsen", "meyer", "novak", "okafor", "petrov", "quinn", "rossi", "smith",
    "taylor",
];

const INSERT: &str = "INSERT INTO \"SMS_R_System\" (\"ResourceId\", \"ResourceType\", \"Name\", \"NetbiosName\", \
    \"ResourceNames\", \"ResourceDomainORWorkgroup\", \"FullDomainName\", \"OperatingSystemNameandVersion\", \
    \"ADSiteName\", \"SystemOUName\", \"Client\", \"ClientType\", \"ClientVersion\", \"Active\", \"Obsolete\", \
    \"Decommissioned\", \"Unknown\", \"IsVirtualMachine\", \"LastLogonUserName\", \"LastLogonUserDomain\", \
    \"LastLogonTimestamp\", \"CreationDate\", \"SMSUniqueIdentifier\", \"SMSAssignedSites\", \"IPAddresses\", \
    \"MACAddresses\", \"SystemRoles\") \
    VALUES (?1, 5, ?2, ?2, json_array(lower(?2) || '.lab.example'), 'LAB', 'LAB.EXAMPLE', ?3, ?4, \
    json_array('LAB.EXAMPLE', 'LAB.EXAMPLE/' || ?5), ?6, ?7, ?8, ?9, ?10, 0, 0, ?11, ?12, ?13, ?14, ?15, ?16, \
    json_array(?17), json_array(?18), json_array(?19), json(?20))";

#[derive(Clone, Copy, PartialEq)]
enum Make {
    Desktop,
    Laptop,
    Server,
}

/// Puts the devices in. Of every hundred about 58 are desktops, 34 laptops and 8 servers.
pub fn fill(
    db: &Connection,
    site_code: &str,
    sample: Sample,
    now: Timestamp,
    told: Told<'_>,
) -> Result<(), StoreError> {
    let mut insert = db.prepare(INSERT)?;
    let mut names = Names::default();
    let teller = Teller::new(told, "devices", sample.devices as usize);
    for number in 0..sample.devices {
        teller.tell(number as usize);
        let make = match number % 25 {
            5 | 18 => Make::Server,
            at if at % 3 == 1 => Make::Laptop,
            _ => Make::Desktop,
        };
        let mut dice = Dice::for_subject(sample.seed, &format!("device {number}"));
        let name = names.next(make);
        add(
            &mut insert,
            site_code,
            FIRST_RESOURCE + number,
            make,
            &name,
            &mut dice,
            now,
        )?;
    }
    Ok(())
}

fn add(
    insert: &mut Statement<'_>,
    site_code: &str,
    resource: u32,
    make: Make,
    name: &str,
    dice: &mut Dice,
    now: Timestamp,
) -> Result<(), StoreError> {
    let server = make == Make::Server;
    let has_client = dice.chance(96);
    let active = has_client && dice.chance(93);
    let obsolete = !active && dice.chance(25);
    let quiet_minutes = if active {
        dice.below(4 * 24 * 60)
    } else {
        14 * 24 * 60 + dice.below(90 * 24 * 60)
    };
    let person = (!server && has_client && dice.chance(94)).then(|| person(dice));
    let system = operating_system(server, dice);
    insert.execute(params![
        resource,
        name,
        system,
        dice.pick(&SITES),
        if server {
            "SERVERS"
        } else {
            dice.pick(&UNITS).copied().unwrap_or("SERVICE")
        },
        has_client.then_some(1),
        has_client.then_some(1),
        has_client.then(|| dice.pick(&CLIENTS).copied()).flatten(),
        has_client.then_some(i64::from(active)),
        i64::from(obsolete),
        server && dice.chance(70),
        person,
        has_client.then_some("LAB"),
        before(now, quiet_minutes),
        before(now, (200 + dice.below(1200)) * 24 * 60),
        has_client.then(|| guid(dice)),
        site_code,
        format!(
            "10.{}.{}.{}",
            dice.below(4) + 10,
            dice.below(250),
            dice.below(250) + 2
        ),
        mac(dice),
        // The file server that also holds a distribution point is a site system (wizard.md 13).
        if name == "SRV-FILE1" {
            r#"["SMS Distribution Point"]"#
        } else {
            "[]"
        },
    ])?;
    Ok(())
}

/// Hands out names: `PC-0001`, `LT-0001`, `SRV-FILE2`.
#[derive(Default)]
struct Names {
    desktops: u64,
    laptops: u64,
    servers: usize,
}

impl Names {
    fn next(&mut self, make: Make) -> String {
        match make {
            Make::Desktop => {
                self.desktops += 1;
                format!("PC-{:04}", self.desktops)
            }
            Make::Laptop => {
                self.laptops += 1;
                format!("LT-{:04}", self.laptops)
            }
            Make::Server => {
                // The first two are the ones that go along with the pilot.
                let number = self.servers;
                self.servers += 1;
                match number {
                    0 => "SRV-FILE2".into(),
                    1 => "SRV-PRINT1".into(),
                    _ => {
                        let role = ROLES.get(number % ROLES.len()).copied().unwrap_or("APP");
                        format!("SRV-{role}{}", named_number(number, role))
                    }
                }
            }
        }
    }
}

/// Numbers each role from 1, leaving out the two names that were given first.
fn named_number(number: usize, role: &str) -> usize {
    let round = number / ROLES.len() + 1;
    match role {
        "FILE" if round >= 2 => round + 1,
        "PRINT" => round + 1,
        _ => round,
    }
}

fn operating_system(server: bool, dice: &mut Dice) -> String {
    let (kind, versions): (_, &[&str]) = if server {
        ("Server", &SERVERS)
    } else {
        ("Workstation", &WORKSTATIONS)
    };
    let version = dice.pick(versions).copied().unwrap_or("10.0");
    format!("Microsoft Windows NT {kind} {version}")
}

fn person(dice: &mut Dice) -> String {
    let first = dice.pick(&FIRST_NAMES).copied().unwrap_or("anna");
    let last = dice.pick(&LAST_NAMES).copied().unwrap_or("berg");
    format!("{first}.{last}")
}

fn guid(dice: &mut Dice) -> String {
    let (high, low) = (dice.roll(), dice.roll());
    format!(
        "GUID:{:08X}-{:04X}-{:04X}-{:04X}-{:012X}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}

/// A locally administered address.
fn mac(dice: &mut Dice) -> String {
    let rest = dice.roll().to_be_bytes().map(|byte| format!("{byte:02X}"));
    format!("02:{}", rest[3..].join(":"))
}

fn before(now: Timestamp, minutes: u64) -> String {
    let back = SignedDuration::from_mins(i64::try_from(minutes).unwrap_or(0));
    WireTime::utc(now.checked_sub(back).unwrap_or(now)).to_string()
}
