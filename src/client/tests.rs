//! The task over a router that plays a site.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use futures_util::FutureExt;
use http::{Request as HttpRequest, Response, StatusCode};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::*;
use crate::client::listing::{Kind, Line};
use crate::distribution::facts::Question;
use crate::distribution::guard::{Acceptance, Bounds};
use crate::distribution::plan::samples::everything;
use crate::distribution::run::Run;
use crate::error::SiteError;
use crate::provider::transport::in_process;
use crate::provider::{Provider, SiteAddress};

/// A site with a few rows, whose packages can be held back.
#[derive(Clone)]
struct Scripted {
    gate: Arc<Semaphore>,
    asked: Arc<AtomicUsize>,
}

impl Scripted {
    fn open() -> Self {
        Self {
            gate: Arc::new(Semaphore::new(Semaphore::MAX_PERMITS)),
            asked: Arc::default(),
        }
    }

    /// Packages are answered only as often as [`Self::let_through`] says.
    fn held() -> Self {
        Self {
            gate: Arc::new(Semaphore::new(0)),
            asked: Arc::default(),
        }
    }

    fn let_through(&self, answers: usize) {
        self.gate.add_permits(answers);
    }

    fn provider(&self) -> Provider {
        let router = Router::new().fallback(answer).with_state(self.clone());
        Provider::new(in_process(router), SiteAddress::local("lab"))
    }

    fn opening(&self) -> Opening {
        let site = self.clone();
        Box::new(move || {
            let opened = Opened {
                provider: site.provider(),
                words: SiteWords {
                    name: "lab".to_owned(),
                    ..SiteWords::default()
                },
                background: None,
                fill: None,
            };
            async { Ok(opened) }.boxed()
        })
    }
}

async fn answer(State(site): State<Scripted>, request: HttpRequest<Body>) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let rows = if path.ends_with("/SMS_Package") {
        site.asked.fetch_add(1, Ordering::SeqCst);
        site.gate.acquire().await.unwrap().forget();
        json!([{ "PackageID": "LAB00001", "Name": "7-Zip", "Version": "24.08",
                 "PkgSourceFlag": 2, "NumOfPrograms": 1 }])
    } else if path.ends_with("/SMS_Advertisement") {
        json!([{ "AdvertisementID": "LAB20001", "PackageID": "LAB00001", "ProgramName": "Install",
                 "CollectionID": "LAB00014" }])
    } else if path.ends_with("/SMS_ObjectContentInfo") {
        return refusal();
    } else {
        json!([])
    };
    wrapped(&rows)
}

fn wrapped(rows: &Value) -> Response<Body> {
    Response::new(Body::from(json!({ "value": rows }).to_string()))
}

fn refusal() -> Response<Body> {
    let body = json!({ "error": { "code": "403", "message": "no" } }).to_string();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::FORBIDDEN;
    response
}

fn spawn(opening: Opening) -> (Client, Inbox) {
    let folder = std::env::temp_dir().join("consign-client-tests");
    let desk = Desk {
        journals: Journals::at(folder),
        actor: Actor::here("tester"),
        bounds: Bounds::default(),
    };
    Client::spawn(opening, desk)
}

fn ticket(slot: Slot, number: u64) -> Ticket {
    Ticket { slot, number }
}

const PACKAGES: Slot = Slot::List(Kind::Packages);

#[tokio::test]
async fn only_runs_of_the_site_that_is_open_are_offered() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk {
        journals: Journals::at(folder.path()),
        actor: Actor::here("tester"),
        bounds: Bounds::default(),
    };
    for site in ["lab", "prod"] {
        let mut plan = everything();
        site.clone_into(&mut plan.site.name);
        let accepted = plan.accept(&Acceptance::default()).unwrap();
        Run::open(&desk.journals, &accepted, desk.actor.clone()).unwrap();
    }
    let runs = Runs::new(desk, watch::Sender::new(None));
    for site in ["lab", "prod"] {
        let found = runs.found(site).await;
        let sites: Vec<_> = found
            .runs
            .iter()
            .map(|run| run.record.plan.site.name.as_str())
            .collect();
        assert_eq!(sites, [site]);
    }
}

#[tokio::test]
async fn what_is_asked_before_the_site_is_open_waits_for_it() {
    let (client, mut inbox) = spawn(Scripted::open().opening());
    client.ask(ticket(PACKAGES, 1), Request::Packages);
    client.ask(ticket(Slot::Site, 2), Request::Open);
    let first = inbox.answers.recv().await.unwrap();
    assert_eq!(first.ticket, ticket(Slot::Site, 2));
    assert!(matches!(first.result, Ok(Payload::Opened(words)) if words.name == "lab"));
    let second = inbox.answers.recv().await.unwrap();
    assert_eq!(second.ticket, ticket(PACKAGES, 1));
}

#[tokio::test]
async fn a_part_that_could_not_be_read_is_a_gap_and_not_a_zero() {
    let (client, mut inbox) = spawn(Scripted::open().opening());
    client.ask(ticket(Slot::Site, 1), Request::Open);
    client.ask(ticket(PACKAGES, 2), Request::Packages);
    inbox.answers.recv().await.unwrap();
    let answer = inbox.answers.recv().await.unwrap();
    let Ok(Payload::Packages(listed)) = answer.result else {
        panic!("{answer:?}");
    };
    assert_eq!(listed.gaps.len(), 1);
    assert_eq!(listed.gaps[0].what, "content counts");
    let line = &listed.lines[0];
    assert_eq!(line.name(), "7-Zip 24.08");
    assert_eq!(line.cell(4), "?");
    assert_eq!(line.advertisements, Some(1));
    assert_eq!(inbox.reading.borrow().unwrap().so_far, 1);
}

#[tokio::test]
async fn a_newer_ask_takes_the_place_of_an_older_read() {
    let site = Scripted::held();
    let (client, mut inbox) = spawn(site.opening());
    client.ask(ticket(Slot::Site, 1), Request::Open);
    inbox.answers.recv().await.unwrap();
    client.ask(ticket(PACKAGES, 2), Request::Packages);
    client.ask(ticket(PACKAGES, 3), Request::Packages);
    site.let_through(2);
    let answer = inbox.answers.recv().await.unwrap();
    assert_eq!(answer.ticket, ticket(PACKAGES, 3));
    client.close().await;
    assert!(inbox.answers.recv().await.is_none());
}

#[tokio::test]
async fn a_forgotten_read_is_not_answered() {
    let site = Scripted::held();
    let (client, mut inbox) = spawn(site.opening());
    client.ask(ticket(Slot::Site, 1), Request::Open);
    inbox.answers.recv().await.unwrap();
    client.ask(ticket(PACKAGES, 2), Request::Packages);
    client.forget(PACKAGES);
    client.close().await;
    assert!(inbox.answers.recv().await.is_none());
}

#[tokio::test]
async fn a_site_that_does_not_open_says_so_to_everyone_and_can_be_tried_again() {
    let tries = Arc::new(AtomicUsize::new(0));
    let site = Scripted::open();
    let opening: Opening = Box::new(move || {
        let again = tries.fetch_add(1, Ordering::SeqCst) > 0;
        let opened = again.then(|| (site.opening())());
        async move {
            match opened {
                Some(opened) => opened.await,
                None => Err(SiteError::Unreachable {
                    site: "lab".to_owned(),
                    reason: "no route".to_owned(),
                    after_sending: false,
                }),
            }
        }
        .boxed()
    });
    let (client, mut inbox) = spawn(opening);
    client.ask(ticket(PACKAGES, 1), Request::Packages);
    client.ask(ticket(Slot::Site, 2), Request::Open);
    for _ in 0..2 {
        assert!(inbox.answers.recv().await.unwrap().result.is_err());
    }
    client.ask(ticket(PACKAGES, 3), Request::Packages);
    assert!(inbox.answers.recv().await.unwrap().result.is_err());
    client.ask(ticket(Slot::Site, 4), Request::Open);
    assert!(inbox.answers.recv().await.unwrap().result.is_ok());
}

#[tokio::test]
async fn opening_can_be_given_up_and_tried_again() {
    let site = Scripted::open();
    let hangs = Arc::new(AtomicUsize::new(1));
    let opening: Opening = Box::new(move || {
        let hang = hangs.swap(0, Ordering::SeqCst) > 0;
        let opened = (site.opening())();
        async move {
            if hang {
                std::future::pending::<()>().await;
            }
            opened.await
        }
        .boxed()
    });
    let (client, mut inbox) = spawn(opening);
    client.ask(ticket(Slot::Site, 1), Request::Open);
    client.ask(ticket(PACKAGES, 2), Request::Packages);
    client.forget(Slot::Site);
    for _ in 0..2 {
        assert!(inbox.answers.recv().await.unwrap().result.is_err());
    }
    client.ask(ticket(Slot::Site, 3), Request::Open);
    client.ask(ticket(Slot::Site, 4), Request::Open);
    let answer = inbox.answers.recv().await.unwrap();
    assert_eq!(
        answer.ticket,
        ticket(Slot::Site, 4),
        "asked twice, opened once"
    );
    assert!(answer.result.is_ok());
    client.close().await;
    assert!(inbox.answers.recv().await.is_none());
}

#[tokio::test]
async fn facts_come_back_with_their_questions() {
    let (client, mut inbox) = spawn(Scripted::open().opening());
    client.ask(ticket(Slot::Site, 1), Request::Open);
    inbox.answers.recv().await.unwrap();
    let questions = vec![Question::Makers, Question::Points];
    client.ask(ticket(Slot::Facts(1), 2), Request::Facts(questions.clone()));
    let answer = inbox.answers.recv().await.unwrap();
    let Ok(Payload::Facts(facts)) = answer.result else {
        panic!("{answer:?}");
    };
    assert!(facts.is_settled(&questions));
}

#[test]
fn the_greeting_of_a_site_nobody_used_is_empty() {
    let counted = Greeting {
        packages: Some(0),
        collections: Some(7),
        points: Some(1),
        advertisements: Some(0),
        devices: Some(0),
    };
    assert!(counted.is_empty());
    let unknown = Greeting {
        devices: None,
        ..counted
    };
    assert!(
        !unknown.is_empty(),
        "what could not be counted is not nothing"
    );
}

#[tokio::test]
async fn requests_are_told_from_the_opening_on_and_nobody_is_woken_without_one() {
    let site = Scripted::open();
    let (client, mut inbox) = spawn(site.opening());
    let mut following = client.follow_requests();
    assert!(following.next().now_or_never().is_none(), "it is not open");
    client.ask(ticket(Slot::Site, 1), Request::Open);
    client.ask(ticket(PACKAGES, 2), Request::Packages);
    inbox.answers.recv().await.unwrap();
    inbox.answers.recv().await.unwrap();
    let told = following.next().await.unwrap();
    assert!(told.iter().any(|asked| asked.url.contains("/SMS_Package?")));
    assert!(following.next().now_or_never().is_none(), "nothing new");
    client.ask(ticket(PACKAGES, 3), Request::Packages);
    let more = following.next().await.unwrap();
    assert!(more.last().unwrap().number > told.last().unwrap().number);
}
