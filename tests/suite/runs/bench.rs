//! A site with a fleet, its background running, and lines to it that can be cut at any request.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use consign::config::Limits;
use consign::distribution::facts::{gather, needed};
use consign::distribution::run::{End, Progress, RolledBack, Run, stop_switch};
use consign::distribution::{Acceptance, Actor, Draft, Journals, Making, Plan, PlanId};
use consign::odata::Filter;
use consign::provider::transport::{Transport, TransportError, in_process};
use consign::provider::{Patience, Provider, SiteAddress};
use consign::site::background::Background;
use consign::site::sample::Sample;
use consign::site::strict::Script;
use consign::site::{NewSite, Site};
use consign::sms::Row;
use consign::sms::ids::SiteCode;
use http::{Request, Response};
use tempfile::TempDir;
use tokio::sync::{Notify, watch};
use tower::ServiceExt as _;

pub struct Bench {
    site: Site,
    pub journals: Journals,
    _background: Background,
    folder: TempDir,
}

impl Bench {
    /// A site with a small fleet and everything running.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("site");
        let site = tokio::task::spawn_blocking(move || {
            let new = NewSite {
                code: SiteCode::new("LAB"),
                name: "Lab".into(),
            };
            Site::create(&place, &new).unwrap()
        })
        .await
        .unwrap();
        let sample = Sample {
            devices: 60,
            seed: 1,
        };
        site.fill_sample(sample).await.unwrap();
        Self {
            _background: site.run_background(),
            site,
            journals: Journals::at(folder.path().join("journal")),
            folder,
        }
    }

    /// A folder with a few files, different for every name.
    fn source(&self, name: &str) -> PathBuf {
        let source = self.folder.path().join("source").join(name);
        std::fs::create_dir_all(source.join("bin")).unwrap();
        std::fs::write(
            source.join("install.sh"),
            format!("#!/bin/sh\necho {name}\n"),
        )
        .unwrap();
        std::fs::write(source.join("bin").join("tool"), name.repeat(1000)).unwrap();
        source
    }

    /// A draft that makes everything new, under this name.
    pub fn draft(&self, name: &str) -> Draft {
        let mut draft = Draft::default();
        let text = |text: &str| Some(text.to_owned());
        draft.package.name = text(name);
        draft.package.version = text("3.1");
        draft.package.manufacturer = text("Example Works");
        draft.package.source = self.source(name).to_str().map(str::to_owned);
        draft.program.name = text("Install");
        draft.program.command = text("install.sh --quiet");
        draft.collection.name = Some(format!("{name} - Pilot"));
        draft.collection.limit_to = text("All Systems");
        draft.collection.devices = Some(vec!["PC-0001".into(), "PC-0002".into()]);
        draft.distribution_points.servers = Some(vec!["dp01.lab.example".into()]);
        draft
    }

    pub async fn plan(&self, draft: &Draft) -> Plan {
        self.plan_within(draft, &Limits::default()).await
    }

    pub async fn plan_within(&self, draft: &Draft, limits: &Limits) -> Plan {
        Self::planned(&self.provider(), draft, limits).await
    }

    /// A plan made over a line of its own.
    pub async fn planned(provider: &Provider, draft: &Draft, limits: &Limits) -> Plan {
        let facts = gather(provider, &needed(draft, limits)).await;
        let making = Making {
            id: PlanId::fresh(),
            author: "anna".into(),
            site: "lab".into(),
            now: jiff::Zoned::now(),
        };
        Plan::make(draft, &facts, limits, &making).unwrap_or_else(|findings| {
            let told: Vec<String> = findings.iter().map(ToString::to_string).collect();
            panic!("{told:#?}")
        })
    }

    /// Accepts a plan, says all that it demands, and opens its run.
    pub fn open(&self, plan: &Plan) -> Run {
        let mut acceptance = Acceptance::ticking_all(&plan.demand);
        acceptance.typed_name.clone_from(&plan.demand.typed_name);
        let accepted = plan.accept(&acceptance).unwrap();
        Run::open(&self.journals, &accepted, Actor::here("anna")).unwrap()
    }

    /// A provider over a line that never fails.
    pub fn provider(&self) -> Provider {
        Provider::new(in_process(self.site.router()), SiteAddress::local("lab"))
    }

    pub async fn carry_out(&self, run: &mut Run) -> End {
        carry_out(run, &self.provider()).await
    }

    pub async fn roll_back(&self, run: &mut Run) -> RolledBack {
        roll_back(run, &self.provider()).await
    }

    /// A provider over a line that is cut at one request.
    pub fn over(&self, line: &Line) -> Provider {
        let inner = in_process(self.site.router());
        let line = line.clone();
        let transport = Transport::new(tower::service_fn(move |request| {
            let (inner, line) = (inner.clone(), line.clone());
            async move { line.carry(inner, request).await }
        }));
        // Reads are not asked again: every request has a number of its own.
        let patience = Patience {
            repeats: 0,
            ..Patience::default()
        };
        Provider::with_patience(transport, SiteAddress::local("lab"), patience)
    }

    /// A provider over the site as it plays a difficult one. Reads are not asked again, and an answer has a second.
    pub fn playing(&self, script: Script) -> Provider {
        self.playing_to(script, 0)
    }

    /// The same to one that asks a read again so often, and soon.
    pub fn playing_to(&self, script: Script, repeats: u32) -> Provider {
        let patience = Patience {
            answer: Duration::from_secs(1),
            repeats,
            pause: Duration::from_millis(10),
            ..Patience::default()
        };
        let site = in_process(script.before(self.site.router()));
        Provider::with_patience(site, SiteAddress::local("lab"), patience)
    }

    pub async fn rows<R: Row>(&self, property: &str, text: &str) -> Vec<R> {
        self.provider()
            .list(Some(Filter::eq(property, text)))
            .await
            .unwrap()
    }

    /// Keys of every object of a class.
    pub async fn keys<R: Row>(&self) -> Vec<String> {
        let rows: Vec<R> = self.provider().list(None).await.unwrap();
        rows.iter().map(|row| format!("{:?}", row.key())).collect()
    }
}

pub async fn carry_out(run: &mut Run, provider: &Provider) -> End {
    let (_switch, stop) = stop_switch();
    let progress = watch::Sender::new(Progress::new(run.plan()));
    run.carry_out(provider, &progress, stop).await
}

pub async fn roll_back(run: &mut Run, provider: &Provider) -> RolledBack {
    let (_switch, stop) = stop_switch();
    let progress = watch::Sender::new(Progress::new(run.plan()));
    run.roll_back(provider, &progress, stop).await.unwrap()
}

/// A line that does one request of a number, from 0, and then loses its answer. Clones are the same line.
#[derive(Clone)]
pub struct Line {
    cut_at: usize,
    sent: Arc<AtomicUsize>,
    /// Rung when the request was done; then no answer ever comes, as for a process that is killed while it waits.
    hung: Option<Arc<Notify>>,
}

impl Line {
    /// Loses the answer and says so.
    pub fn losing(cut_at: usize) -> Self {
        Self {
            cut_at,
            sent: Arc::default(),
            hung: None,
        }
    }

    /// Never answers.
    pub fn hanging(cut_at: usize) -> Self {
        Self {
            hung: Some(Arc::default()),
            ..Self::losing(cut_at)
        }
    }

    /// Whether the request was reached at all.
    pub fn was_cut(&self) -> bool {
        self.sent.load(Ordering::SeqCst) > self.cut_at
    }

    /// Ends when the request hangs.
    pub async fn hangs(&self) {
        match &self.hung {
            Some(hung) => hung.notified().await,
            None => std::future::pending().await,
        }
    }

    async fn carry(
        &self,
        site: Transport,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, TransportError> {
        let number = self.sent.fetch_add(1, Ordering::SeqCst);
        let answer = site.oneshot(request).await;
        match &self.hung {
            _ if number != self.cut_at => answer,
            None => Err(TransportError::Lost {
                reason: "the line went down".into(),
                after_sending: true,
            }),
            Some(hung) => {
                hung.notify_one();
                std::future::pending().await
            }
        }
    }
}
