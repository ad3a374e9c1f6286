//! From where files may be fetched. The source's API names an address for each, signed by its bucket: S3, GCS, Azure, or a store beside a server
//! that one runs oneself. So any host of the open internet may be named; one of a private network only by a server of a private network, one of
//! this machine only by a server on this machine, and those that give machines their credentials by none. It is looked at what is connected to,
//! not at the name, so that no name leads elsewhere at the second look; and redirects are not followed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, ToSocketAddrs as _};

use agenttrace_domain::outbound::is_private;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use url::{Host, Url};

const MAX_URL_BYTES: usize = 16_000;

/// How near an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Near {
    Internet,
    Network,
    Machine,
    /// Never: addresses of no host, and those where clouds tell a machine's secrets.
    Nowhere,
}

/// What the server and the caller open.
#[derive(Debug, Clone)]
pub struct Reach {
    near: Near,
    /// The source itself is spoken to without encryption.
    plain: bool,
    /// Hosts that the caller named, in lower case.
    named: Vec<String>,
}

impl Reach {
    /// For files of the server at this address.
    pub fn of(server: &str, named: &[String]) -> Self {
        let url = Url::parse(server).ok();
        let addresses =
            url.as_ref().and_then(|url| (url.host_str()?.trim_matches(['[', ']']), url.port_or_known_default()?).to_socket_addrs().ok());
        let near = addresses.into_iter().flatten().map(|a| near(a.ip())).filter(|n| *n != Near::Nowhere).max().unwrap_or(Near::Internet);
        let plain = url.is_some_and(|url| url.scheme() == "http");
        Self { near, plain, named: named.iter().map(|host| host.trim_matches(['[', ']']).to_lowercase()).collect() }
    }

    /// Why nothing is fetched from this address, as far as its text tells.
    pub fn refusal(&self, text: &str) -> Option<String> {
        let Some(url) = Url::parse(text).ok().filter(|_| text.len() <= MAX_URL_BYTES) else {
            return Some("the source gives no address for it".to_owned());
        };
        let host = url.host_str().unwrap_or_default();
        let named = self.is_named(host);
        if !(url.scheme() == "https" || (url.scheme() == "http" && (self.plain || named))) {
            return Some("its address is not over https".to_owned());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Some("its address holds a user name".to_owned());
        }
        let address = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            _ => None,
        };
        address.filter(|address| !named && !self.takes(*address)).map(|_| too_near(host))
    }

    fn is_named(&self, host: &str) -> bool {
        self.named.iter().any(|named| named.eq_ignore_ascii_case(host.trim_matches(['[', ']'])))
    }

    fn takes(&self, address: IpAddr) -> bool {
        near(address) <= self.near
    }
}

fn too_near(host: &str) -> String {
    format!("its host {host} has an address of a private network, and the server has none: --media-host {host} allows it")
}

fn near(address: IpAddr) -> Near {
    match address {
        IpAddr::V4(address) => near_v4(address),
        IpAddr::V6(address) => near_v6(address),
    }
}

fn near_v4(address: Ipv4Addr) -> Near {
    /// Alibaba's, which lies among the private ones; those of the others are link-local.
    const METADATA: Ipv4Addr = Ipv4Addr::new(100, 100, 100, 200);
    let [first, ..] = address.octets();
    if address.is_link_local() || address.is_multicast() || first == 0 || first >= 240 || address == METADATA {
        Near::Nowhere
    } else if address.is_loopback() {
        Near::Machine
    } else if is_private(IpAddr::V4(address)) {
        Near::Network
    } else {
        Near::Internet
    }
}

fn near_v6(address: Ipv6Addr) -> Near {
    let within = |high: u16, low: u16| near_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)));
    if let Some(mapped) = address.to_ipv4_mapped() {
        return near_v4(mapped);
    }
    match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => within(high, low),
        [0x2002, high, low, ..] => within(high, low),
        // AWS's own.
        [0xfd00, 0x0ec2, ..] => Near::Nowhere,
        [first, ..] if first & 0xffc0 == 0xfe80 || first & 0xff00 == 0xff00 => Near::Nowhere,
        _ if address.is_unspecified() => Near::Nowhere,
        _ if address.is_loopback() => Near::Machine,
        _ if is_private(IpAddr::V6(address)) => Near::Network,
        _ => Near::Internet,
    }
}

/// The system's resolver, which gives no address that lies too near.
#[derive(Debug)]
pub struct Guarded(pub Reach);

/// The reason why a host was not connected to.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct TooNear(String);

impl Resolver for Guarded {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        let host = uri.host().unwrap_or_default();
        if !self.0.is_named(host) && found.iter().any(|address| !self.0.takes(address.ip())) {
            return Err(ureq::Error::Other(Box::new(TooNear(too_near(host)))));
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_opens_what_is_as_far_away_as_itself() {
        let internet = Reach::of("https://8.8.8.8", &[]);
        let network = Reach::of("http://10.0.0.5:3000", &[]);
        let machine = Reach::of("http://127.0.0.1:3000", &[]);
        for (url, from_internet, from_network, from_machine) in [
            ("https://1.1.1.1/bucket/x?signature=1", true, true, true),
            ("http://1.1.1.1/x", false, true, true),
            ("https://minio.example.com/x", true, true, true),
            ("https://10.0.0.9/x", false, true, true),
            ("https://[fd12::1]/x", false, true, true),
            ("https://100.64.0.1/x", false, true, true),
            ("https://127.0.0.1:9000/x", false, false, true),
            ("https://2130706433/x", false, false, true),
            ("https://[::1]/x", false, false, true),
            ("https://[::ffff:127.0.0.1]/x", false, false, true),
            ("https://[64:ff9b::a00:1]/x", false, true, true),
            ("https://169.254.169.254/latest/meta-data", false, false, false),
            ("https://[::ffff:a9fe:a9fe]/", false, false, false),
            ("https://100.100.100.200/latest/meta-data", false, false, false),
            ("https://[fd00:ec2::254]/", false, false, false),
            ("https://[fe80::1]/", false, false, false),
            ("https://0.0.0.0/", false, false, false),
            ("https://user:pass@1.1.1.1/x", false, false, false),
            ("file:///etc/passwd", false, false, false),
            ("ftp://1.1.1.1/x", false, false, false),
            ("", false, false, false),
            ("bucket/x", false, false, false),
        ] {
            let taken = [&internet, &network, &machine].map(|reach| reach.refusal(url).is_none());
            assert_eq!(taken, [from_internet, from_network, from_machine], "{url}");
        }
    }

    #[test]
    fn hosts_that_the_caller_names_are_taken() {
        let reach = Reach::of("https://8.8.8.8", &["10.0.0.9".to_owned(), "[::1]".to_owned()]);

        for (url, expected) in [("http://10.0.0.9:9000/x", true), ("https://[::1]/x", true), ("https://10.0.0.8/x", false)] {
            assert_eq!(reach.refusal(url).is_none(), expected, "{url}");
        }
    }

    #[test]
    fn a_name_is_looked_at_by_what_it_resolves_to() {
        let config = ureq::Agent::config_builder().build();
        let no_limit = NextTimeout::default;
        let uri = Uri::from_static("https://localhost:9000/x");

        let refused = Guarded(Reach::of("https://8.8.8.8", &[])).resolve(&uri, &config, no_limit());

        assert!(matches!(&refused, Err(ureq::Error::Other(why)) if why.is::<TooNear>()), "{refused:?}");
        assert!(Guarded(Reach::of("http://127.0.0.1", &[])).resolve(&uri, &config, no_limit()).is_ok());
        assert!(Guarded(Reach::of("https://8.8.8.8", &["localhost".to_owned()])).resolve(&uri, &config, no_limit()).is_ok());
    }
}
