//! Addresses that users name and that we call for them: base URLs of models, webhooks. They must not lead into the network that we run in.
//!
//! This looks at the text. A name may still resolve to a private address when it is called, so whoever calls also checks with [`is_private`] the
//! address that it connects to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

const MAX_BYTES: usize = 2_000;

/// Which hosts may be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Over https, and none that is an address of a private network by its text.
    Public,
    /// Any, also over http: for a deployment whose operator runs models inside.
    Private,
}

/// The address in its normal form, or, as the end of a sentence, what it must be.
pub fn check_url(text: &str, reach: Reach) -> Result<String, String> {
    if text.len() > MAX_BYTES {
        return Err(format!("must have at most {MAX_BYTES} bytes"));
    }
    let url = Url::parse(text).map_err(|_| "must be a URL such as https://llm.example.com/v1".to_owned())?;
    if url.scheme() != "https" && !(reach == Reach::Private && url.scheme() == "http") {
        return Err("must begin with https://".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not hold a user name or a password".to_owned());
    }
    if url.fragment().is_some() {
        return Err("must not have a fragment (#)".to_owned());
    }
    let private = match url.host() {
        Some(Host::Domain(name)) => is_private_name(name),
        Some(Host::Ipv4(address)) => is_private(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => is_private(IpAddr::V6(address)),
        None => return Err("must name a host".to_owned()),
    };
    if private && reach == Reach::Public {
        return Err("must not be an address of a private network".to_owned());
    }
    Ok(url.to_string())
}

/// Names that resolve inside of a machine or a network, wherever they are asked for.
fn is_private_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let ends = |end: &str| name == end.trim_start_matches('.') || name.ends_with(end);
    // A name without a dot is a neighbour's.
    !name.contains('.')
        || [".localhost", ".local", ".internal", ".localdomain", ".home.arpa", ".in-addr.arpa", ".ip6.arpa"].into_iter().any(ends)
}

/// Is this anything but an address of the open internet?
#[must_use]
pub fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_private_v4(address),
        IpAddr::V6(address) => is_private_v6(address),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        // This network; shared by carriers; IETF's own; benchmarks; reserved and broadcast.
        || a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b))
        || a >= 240
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    let s = address.segments();
    let embedded = |high: u16, low: u16| is_private_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)));
    if let Some(mapped) = address.to_ipv4_mapped() {
        return is_private_v4(mapped);
    }
    match s {
        // NAT64 and 6to4 lead to the IPv4 address that they hold.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => embedded(high, low),
        [0x2002, high, low, ..] => embedded(high, low),
        // Documentation, and Teredo and the rest of IETF's own.
        [0x2001, 0x0db8, ..] => true,
        [0x2001, second, ..] if second < 0x0200 => true,
        // Only 2000::/3 is handed out.
        [first, ..] => first & 0xe000 != 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_private_networks_are_refused_in_every_spelling() {
        for (text, expected) in [
            ("https://api.openai.com/v1", true),
            ("https://llm.example.com:8443/a?b=c", true),
            ("https://8.8.8.8/", true),
            ("https://[2606:4700::1111]/", true),
            ("http://api.openai.com", false),
            ("ftp://api.openai.com", false),
            ("https://", false),
            ("api.openai.com", false),
            ("javascript:alert(1)", false),
            ("https://user:pass@api.openai.com", false),
            ("https://user@api.openai.com", false),
            ("https://api.openai.com/#x", false),
            ("https://localhost/", false),
            ("https://LOCALHOST./", false),
            ("https://metadata.google.internal/", false),
            ("https://printer.local", false),
            ("https://intranet/", false),
            ("https://127.0.0.1/", false),
            ("https://127.1/", false),
            ("https://2130706433/", false),
            ("https://0x7f.0.0.1/", false),
            ("https://0177.0.0.1/", false),
            ("https://0/", false),
            ("https://10.0.0.1/", false),
            ("https://172.16.0.1/", false),
            ("https://192.168.1.1/", false),
            ("https://169.254.169.254/latest/meta-data", false),
            ("https://100.64.0.1/", false),
            ("https://255.255.255.255/", false),
            ("https://[::1]/", false),
            ("https://[::]/", false),
            ("https://[::ffff:127.0.0.1]/", false),
            ("https://[::ffff:a9fe:a9fe]/", false),
            ("https://[fe80::1]/", false),
            ("https://[fd00:ec2::254]/", false),
            ("https://[64:ff9b::7f00:1]/", false),
            ("https://[2002:7f00:1::]/", false),
            ("https://①②⑦.0.0.1/", false),
        ] {
            assert_eq!(check_url(text, Reach::Public).is_ok(), expected, "{text}");
        }
        assert!(check_url(&format!("https://example.com/{}", "x".repeat(2_000)), Reach::Public).is_err());
    }

    #[test]
    fn an_operator_may_open_the_own_network() {
        for text in ["http://10.0.0.1:11434/v1", "https://localhost", "http://ollama:11434"] {
            assert!(check_url(text, Reach::Private).is_ok(), "{text}");
        }
        assert!(check_url("file:///etc/passwd", Reach::Private).is_err());
        assert!(check_url("http://u:p@ollama", Reach::Private).is_err());
    }
}
