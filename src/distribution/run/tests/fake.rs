//! A site in a few tables, for tests of a run: it keeps what it is sent, and misbehaves exactly where it is told to.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use crate::odata::filter::{Comparison, Function, Value as Literal};
use crate::odata::{Filter, KeyPredicate, KeyValue, Query, Target};
use crate::provider::transport::{Departure, Transport, TransportError};
use crate::provider::{Patience, Provider, SiteAddress};

type Object = Map<String, Value>;

/// What becomes of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Served,
    /// The work is done and the answer is lost.
    AnswerLost,
    /// It was sent and never arrived.
    RequestLost,
    /// The provider refuses.
    Refused,
    /// The provider refuses in words, and has done the work all the same.
    RefusedAfter,
    /// The service breaks down over it before anything is done.
    Broken,
    /// The service breaks down over it after the work.
    BrokenAfter,
    /// The line is down for half a minute from this request on, which was carried out.
    DownAfter,
    /// The same, and the request was not carried out.
    DownBefore,
    /// The same, and the request did not even leave.
    DownUnsent,
    /// From this request on, which was carried out, nothing is answered and no error told, for half a minute.
    MuteAfter,
    /// The same, and the request was not carried out.
    MuteBefore,
    /// No answer ever comes: for a process that is killed while it waits. The work is done.
    Hanging,
}

#[derive(Default)]
struct State {
    tables: BTreeMap<String, Vec<Object>>,
    requests: Vec<String>,
    fates: BTreeMap<usize, Fate>,
    made: u32,
    /// Hours the site shifts every time it is given.
    clock_shift: i64,
    /// Evaluations never end.
    stuck: bool,
    of_writes: Option<Fate>,
    /// How long the line is down or mute, where not for half a minute.
    outage: Option<Duration>,
    down_until: Option<Instant>,
    mute_until: Option<Instant>,
    /// Nothing people make has an `ISVString`.
    no_stamps: bool,
}

/// Clones are the same site.
#[derive(Clone)]
pub struct FakeSite(Arc<Mutex<State>>);

impl Default for FakeSite {
    fn default() -> Self {
        let site = Self(Arc::default());
        let identity = json!({ "ThisSiteCode": "LAB", "ThisSiteName": "Lab" });
        site.put("SMS_Identification", identity);
        site
    }
}

const KEYS: &[(&str, &[&str])] = &[
    ("SMS_Package", &["PackageID"]),
    ("SMS_Program", &["PackageID", "ProgramName"]),
    ("SMS_Collection", &["CollectionID"]),
    ("SMS_Advertisement", &["AdvertisementID"]),
];

impl FakeSite {
    pub fn provider(&self) -> Provider {
        self.called("lab")
    }

    /// The site under a name in somebody's settings.
    pub fn called(&self, name: &str) -> Provider {
        let site = self.clone();
        let transport = Transport::new(tower::service_fn(move |request| {
            let site = site.clone();
            async move { site.answer(&request).await }
        }));
        // Reads are not asked again: every request of a test has a number of its own.
        let patience = Patience {
            repeats: 0,
            ..Patience::default()
        };
        Provider::with_patience(transport, SiteAddress::local(name), patience)
    }

    /// What becomes of the request of this number, from 0.
    pub fn decide(&self, request: usize, fate: Fate) {
        self.0.lock().unwrap().fates.insert(request, fate);
    }

    /// What becomes of every request that is no read.
    pub fn decide_writes(&self, fate: Fate) {
        self.0.lock().unwrap().of_writes = Some(fate);
    }

    /// How long the line is down or mute each time.
    pub fn set_outage(&self, outage: Duration) {
        self.0.lock().unwrap().outage = Some(outage);
    }

    pub fn shift_clock(&self, hours: i64) {
        self.0.lock().unwrap().clock_shift = hours;
    }

    pub fn get_stuck(&self, stuck: bool) {
        self.0.lock().unwrap().stuck = stuck;
    }

    pub fn refuse_stamps(&self) {
        self.0.lock().unwrap().no_stamps = true;
    }

    /// Every request so far, for example `POST SMS_Package`.
    pub fn requests(&self) -> Vec<String> {
        self.0.lock().unwrap().requests.clone()
    }

    pub fn table(&self, class: &str) -> Vec<Object> {
        let state = self.0.lock().unwrap();
        state.tables.get(class).cloned().unwrap_or_default()
    }

    pub fn put(&self, class: &str, object: Value) {
        let Value::Object(object) = object else {
            panic!("an object")
        };
        self.0
            .lock()
            .unwrap()
            .tables
            .entry(class.into())
            .or_default()
            .push(object);
    }

    pub fn clear(&self, class: &str) {
        self.0.lock().unwrap().tables.remove(class);
    }

    pub fn change(&self, class: &str, change: impl Fn(&mut Object)) {
        let mut state = self.0.lock().unwrap();
        state
            .tables
            .entry(class.into())
            .or_default()
            .iter_mut()
            .for_each(change);
    }

    /// How many objects people make are there.
    pub fn made(&self) -> usize {
        let classes = KEYS
            .iter()
            .map(|(class, _)| *class)
            .chain(["SMS_DistributionPoint"]);
        classes.map(|class| self.table(class).len()).sum()
    }

    async fn answer(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let fate = self.0.lock().unwrap().fate(request);
        let lost = || {
            Err(TransportError::Lost {
                reason: "the line went down".into(),
                after_sending: true,
            })
        };
        match fate {
            Fate::Served => Ok(self.serve(request)),
            Fate::Refused => Ok(refusal(500, "Insufficient space in the data base")),
            Fate::Broken => Ok(breakdown()),
            Fate::BrokenAfter => {
                self.serve(request);
                Ok(breakdown())
            }
            Fate::RefusedAfter => {
                self.serve(request);
                Ok(refusal(500, "The lock could not be released"))
            }
            Fate::RequestLost | Fate::DownBefore => lost(),
            Fate::DownUnsent => Err(TransportError::Lost {
                reason: "no route to host".into(),
                after_sending: false,
            }),
            Fate::AnswerLost | Fate::DownAfter => {
                self.serve(request);
                lost()
            }
            Fate::MuteBefore => mute(request).await,
            Fate::Hanging | Fate::MuteAfter => {
                self.serve(request);
                mute(request).await
            }
        }
    }

    fn serve(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let mut state = self.0.lock().unwrap();
        let target = Target::parse(request.uri().path()).unwrap();
        if let Target::Class(class) = &target
            && state.no_stamps
            && !keys(class).is_empty()
            && speaks_of_stamps(request)
        {
            let words =
                format!("The property 'ISVString' does not exist on type 'AdminService.{class}'.");
            return refusal(400, &words);
        }
        let body: Object = serde_json::from_slice(request.body()).unwrap_or_default();
        match (request.method(), target) {
            (&Method::GET, Target::Class(class)) => state.list(&class, request.uri().query()),
            (&Method::GET, Target::Object { class, key }) => state.get(&class, &key),
            (&Method::DELETE, Target::Object { class, key }) => state.delete(&class, &key),
            (&Method::POST, Target::Class(class)) => state.create(&class, body),
            (&Method::POST, Target::ObjectMethod { class, key, method }) => {
                state.call(&class, &key, &method, &body)
            }
            (&Method::POST, Target::StaticMethod { .. }) => {
                answer(201, &json!({ "ReturnValue": true }))
            }
            other => panic!("{other:?}"),
        }
    }
}

/// The request has left, as far as anybody can tell, and that was that.
async fn mute(request: &Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
    Departure::of(request).leave();
    std::future::pending().await
}

impl State {
    fn fate(&mut self, request: &Request<Bytes>) -> Fate {
        let now = Instant::now();
        if self.down_until.is_some_and(|until| now < until) {
            return Fate::DownUnsent;
        }
        if self.mute_until.is_some_and(|until| now < until) {
            return Fate::MuteBefore;
        }
        let number = self.requests.len();
        self.requests.push(name(request));
        let of_writes = self.of_writes.filter(|_| request.method() != Method::GET);
        let fate = self.fates.get(&number).copied().or(of_writes);
        let until = now + self.outage.unwrap_or(Duration::from_secs(30));
        match fate.unwrap_or(Fate::Served) {
            fate @ (Fate::DownAfter | Fate::DownBefore | Fate::DownUnsent) => {
                self.down_until = Some(until);
                fate
            }
            fate @ (Fate::MuteAfter | Fate::MuteBefore) => {
                self.mute_until = Some(until);
                fate
            }
            fate => fate,
        }
    }

    fn list(&mut self, class: &str, query: Option<&str>) -> Response<Bytes> {
        let query = Query::parse(query.unwrap_or_default()).unwrap();
        self.work(class);
        let rows = self.tables.get(class).cloned().unwrap_or_default();
        let fits = |row: &&Object| {
            query
                .filter
                .as_ref()
                .is_none_or(|filter| holds(filter, row))
        };
        let select = |row: &Object| -> Object {
            let kept = query
                .select
                .iter()
                .map(|name| (name.clone(), row.get(name).cloned().unwrap_or_default()));
            kept.collect()
        };
        let rows: Vec<Object> = rows.iter().filter(fits).map(select).collect();
        answer(200, &json!({ "value": rows }))
    }

    fn get(&mut self, class: &str, key: &KeyPredicate) -> Response<Bytes> {
        self.work(class);
        match self.find(class, key) {
            Some(object) => answer(200, &json!({ "value": [object] })),
            None => refusal(404, "not found"),
        }
    }

    fn find(&mut self, class: &str, key: &KeyPredicate) -> Option<&mut Object> {
        let names = keys(class);
        let parts = parts(names, key);
        let rows = self.tables.get_mut(class)?;
        rows.iter_mut().find(|row| {
            parts
                .iter()
                .all(|(name, value)| row.get(name).and_then(Value::as_str) == Some(value))
        })
    }

    fn delete(&mut self, class: &str, key: &KeyPredicate) -> Response<Bytes> {
        if class == "SMS_DistributionPoint" {
            return self.remove_assignment(key);
        }
        if self.find(class, key).is_none() {
            return refusal(404, "not found");
        }
        let parts = parts(keys(class), key);
        let is_it = |row: &Object| {
            parts
                .iter()
                .all(|(name, value)| row.get(name).and_then(Value::as_str) == Some(value))
        };
        self.tables
            .entry(class.into())
            .or_default()
            .retain(|row| !is_it(row));
        Response::builder().status(204).body(Bytes::new()).unwrap()
    }

    fn remove_assignment(&mut self, key: &KeyPredicate) -> Response<Bytes> {
        let KeyPredicate::Named(named) = key else {
            panic!("named keys")
        };
        let path = named
            .iter()
            .find(|(name, _)| name == "ServerNALPath")
            .unwrap()
            .1
            .as_str()
            .to_owned();
        let rows = self
            .tables
            .entry("SMS_DistributionPoint".into())
            .or_default();
        rows.retain(|row| row.get("ServerNALPath").and_then(Value::as_str) != Some(&path));
        Response::builder().status(204).body(Bytes::new()).unwrap()
    }

    fn create(&mut self, class: &str, mut object: Object) -> Response<Bytes> {
        if object.get("RefreshNow") == Some(&json!(true)) {
            for row in self
                .tables
                .entry("SMS_PackageStatusDistPointsSummarizer".into())
                .or_default()
            {
                row.insert("State".into(), 1.into());
            }
            return answer(201, &Value::Object(object));
        }
        self.made += 1;
        let mut set = |name: &str, value: Value| object.insert(name.into(), value);
        match class {
            "SMS_Package" => {
                set("PackageID", format!("LAB{:05X}", self.made).into());
                set("SourceVersion", 1.into());
            }
            "SMS_Collection" => {
                set("CollectionID", format!("LAB{:05X}", self.made).into());
                set("MemberCount", 0.into());
                set("CurrentStatus", 1.into());
                set("CollectionRules", json!([]));
            }
            "SMS_Advertisement" => {
                set("AdvertisementID", format!("LAB2{:04X}", self.made).into());
                let shift = self.clock_shift;
                for time in ["PresentTime", "ExpirationTime"] {
                    if let Some(Value::String(text)) = object.get(time).cloned() {
                        object.insert(time.into(), shifted(&text, shift).into());
                    }
                }
            }
            "SMS_DistributionPoint" => self.copy(&object),
            _ => {}
        }
        self.tables
            .entry(class.into())
            .or_default()
            .push(object.clone());
        answer(201, &Value::Object(object))
    }

    /// The files of a package begin to move to a point.
    fn copy(&mut self, assignment: &Object) {
        let mut status = assignment.clone();
        status.insert("State".into(), 1.into());
        status.insert("SourceVersion".into(), 1.into());
        let message = json!({
            "ID": self.made, "PackageID": assignment["PackageID"], "NalPath": assignment["ServerNALPath"],
            "MessageState": 2, "InsString1": "0", "InsString2": "300", "InsString3": "0", "InsString4": "3",
        });
        let Value::Object(message) = message else {
            unreachable!()
        };
        let rows = self
            .tables
            .entry("SMS_PackageStatusDistPointsSummarizer".into())
            .or_default();
        rows.push(status);
        self.tables
            .entry("SMS_DistributionDPStatus".into())
            .or_default()
            .push(message);
    }

    fn call(
        &mut self,
        class: &str,
        key: &KeyPredicate,
        method: &str,
        body: &Object,
    ) -> Response<Bytes> {
        match method {
            "AddMembershipRule" => {
                let collection = self.find(class, key).unwrap();
                let Some(Value::Array(rules)) = collection.get_mut("CollectionRules") else {
                    panic!("rules")
                };
                rules.push(body["collectionRule"].clone());
            }
            "RequestRefresh" => {
                self.find(class, key)
                    .unwrap()
                    .insert("CurrentStatus".into(), 5.into());
            }
            other => panic!("{other}"),
        }
        answer(201, &json!({ "ReturnValue": 0 }))
    }

    /// Whatever goes on by itself moves one step whenever somebody looks at it.
    fn work(&mut self, class: &str) {
        let stuck = self.stuck;
        for row in self.tables.entry(class.into()).or_default() {
            match class {
                "SMS_Collection" if row.get("CurrentStatus") == Some(&json!(5)) && !stuck => {
                    row.insert("CurrentStatus".into(), 4.into());
                }
                "SMS_Collection" if row.get("CurrentStatus") == Some(&json!(4)) => {
                    let members = row["CollectionRules"].as_array().map_or(0, Vec::len);
                    row.insert("MemberCount".into(), members.into());
                    row.insert("CurrentStatus".into(), 1.into());
                }
                "SMS_PackageStatusDistPointsSummarizer" if !stuck => {
                    let next = match row["State"].as_u64() {
                        Some(1) => 7,
                        Some(7) => 0,
                        _ => continue,
                    };
                    row.insert("State".into(), next.into());
                }
                "SMS_DistributionDPStatus" => {
                    row.insert("InsString1".into(), "150".into());
                }
                _ => {}
            }
        }
    }
}

fn speaks_of_stamps(request: &Request<Bytes>) -> bool {
    let query = request.uri().query().unwrap_or_default();
    query.contains("ISVString") || String::from_utf8_lossy(request.body()).contains("ISVString")
}

fn keys(class: &str) -> &'static [&'static str] {
    KEYS.iter()
        .find(|(name, _)| *name == class)
        .map_or(&[], |(_, keys)| keys)
}

fn parts(names: &[&str], key: &KeyPredicate) -> Vec<(String, String)> {
    let text = |value: &KeyValue| value.as_str().to_owned();
    match key {
        KeyPredicate::Single(value) => vec![(names[0].to_owned(), text(value))],
        KeyPredicate::Named(pairs) => pairs
            .iter()
            .map(|(name, value)| (name.clone(), text(value)))
            .collect(),
        KeyPredicate::Unnamed(values) => names
            .iter()
            .zip(values)
            .map(|(name, value)| ((*name).to_owned(), text(value)))
            .collect(),
    }
}

fn holds(filter: &Filter, row: &Object) -> bool {
    match filter {
        Filter::And(parts) => parts.iter().all(|part| holds(part, row)),
        Filter::Or(parts) => parts.iter().any(|part| holds(part, row)),
        Filter::Compare {
            property,
            comparison: Comparison::Eq,
            value: Literal::Text(wanted),
        } => row
            .get(property)
            .and_then(Value::as_str)
            .is_some_and(|text| text.eq_ignore_ascii_case(wanted)),
        Filter::Call {
            function: Function::Contains,
            property,
            text,
        } => row
            .get(property)
            .and_then(Value::as_str)
            .is_some_and(|there| there.contains(text)),
        other => panic!("{other}"),
    }
}

fn shifted(text: &str, hours: i64) -> String {
    let time: jiff::Timestamp = text.parse().unwrap();
    let moved = time
        .saturating_add(jiff::SignedDuration::from_hours(hours))
        .unwrap();
    moved.to_string()
}

fn name(request: &Request<Bytes>) -> String {
    let path = request.uri().path();
    let place = path.rsplit("/wmi/").next().unwrap_or(path);
    let place = match place.split_once("/AdminService.") {
        Some((object, method)) => {
            format!("{}.{method}", object.split('(').next().unwrap_or_default())
        }
        None => place.split('(').next().unwrap_or_default().to_owned(),
    };
    format!("{} {place}", request.method())
}

fn answer(status: u16, body: &Value) -> Response<Bytes> {
    Response::builder()
        .status(status)
        .body(Bytes::from(body.to_string()))
        .unwrap()
}

fn breakdown() -> Response<Bytes> {
    refusal(500, "An error has occurred.")
}

fn refusal(status: u16, message: &str) -> Response<Bytes> {
    answer(
        status,
        &json!({ "error": { "code": status.to_string(), "message": message } }),
    )
}
