//! One request carried out: which read answers it.

use super::answer::Payload;
use super::read::Reader;
use super::request::Request;
use super::runs::Runs;
use super::site::Opened;
use crate::distribution::facts::gather;
use crate::error::SiteError;

/// Carries a request out. Opening is not among them: the task does that itself.
pub(super) async fn serve(
    site: &Opened,
    runs: &Runs,
    reader: &Reader<'_>,
    request: Request,
) -> Result<Payload, SiteError> {
    Ok(match request {
        Request::Open => Payload::Opened(site.words.clone()),
        Request::Sight => Payload::Sight(site.provider.sight().await?),
        Request::Greeting => Payload::Greeting(reader.greeting().await),

        Request::Packages => Payload::Packages(reader.packages().await?),
        Request::Programs => Payload::Programs(reader.programs().await?),
        Request::Collections => Payload::Collections(reader.collections().await?),
        Request::Points => Payload::Points(reader.points().await?),
        Request::Groups => Payload::Groups(reader.groups().await?),
        Request::Advertisements => Payload::Advertisements(reader.deployments().await?),

        Request::Devices(ask) => Payload::Devices(reader.devices(&ask).await?),
        Request::Members(id, ask) => Payload::Members(reader.members(&id, &ask).await?),
        Request::Statuses(id, ask) => Payload::Statuses(reader.statuses(&id, &ask).await?),
        Request::Reached(reached) => Payload::Reached(reader.reached(&reached).await?),
        Request::Total(scope, words) => Payload::Total(reader.total(&scope, &words).await?),

        Request::Package(id) => Payload::Package(Box::new(reader.package(&id).await?)),
        Request::Program(id) => Payload::Program(Box::new(reader.program(&id).await?)),
        Request::Collection(id) => Payload::Collection(Box::new(reader.collection(&id).await?)),
        Request::Point(id) => Payload::Point(Box::new(reader.point(&id).await?)),
        Request::Group(id) => Payload::Group(Box::new(reader.group(&id).await?)),
        Request::Advertisement(id) => {
            Payload::Advertisement(Box::new(reader.advertisement(&id).await?))
        }
        Request::Deployment(id) => Payload::Deployment(Box::new(reader.deployment(&id).await?)),
        Request::Device(id) => Payload::Device(Box::new(reader.device(id).await?)),

        Request::Facts(questions) => {
            Payload::Facts(Box::new(gather(&site.provider, &questions).await))
        }

        Request::Folders(begun) => Payload::Folders(reader.folders(&begun).await),
        Request::Evaluate(id) => {
            site.provider.request_refresh(&id).await?;
            Payload::Evaluating
        }
        Request::Run(ask) => Payload::Run(runs.carry(&site.provider, ask).await),
        Request::OpenRuns => Payload::OpenRuns(runs.found(&site.words.name).await),
        Request::Fill => fill(site).await?,
    })
}

async fn fill(site: &Opened) -> Result<Payload, SiteError> {
    match &site.fill {
        Some(fill) => {
            fill().await?;
            Ok(Payload::Filled)
        }
        None => Err(SiteError::Refused {
            attempt: "fill the site with a sample fleet".to_owned(),
            reason: "only an embedded site can be filled".to_owned(),
            code: None,
        }),
    }
}
