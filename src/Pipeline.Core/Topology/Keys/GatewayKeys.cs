using System.Net;

namespace Pipeline.Core.Topology.Keys;

internal static class GatewayKeys
{
    private static SecretShape Token => new("a token", "^[!-~]{8,256}$", "8 to 256 characters without spaces; name a variable: ${PIPELINE_TOKEN}");

    private static TextShape File => new("a file", "^.+$");

    private static TextShape Name => new("text of up to 200 characters", "^.{1,200}$");

    public static Section<GatewayOptions> Make() =>
        new Section<GatewayOptions>(() => new GatewayOptions())
            .Key("listen", new AddressShape("http", "https"), o => o.Listen, (o, v) => o with { Listen = v },
                "Address of the page, /ws and the HTTP API; with https a certificate is needed.")
            .Key("certificate", File, _ => null, (o, v) => o with { Certificate = v }, "PEM file of the certificate and its chain, for https.")
            .Key("certificateKey", File, _ => null, (o, v) => o with { CertificateKey = v },
                "PEM file of the certificate's key. Left out: it is in the certificate's file.")
            .Key("maxConnections", new IntegerShape(1, 1_000_000), o => o.MaxConnections, (o, v) => o with { MaxConnections = v },
                "Clients at a time, on WebSockets and polling; beyond it a handshake is answered 503.")
            .Key("outboxLimit", new SizeShape(64 * SizeShape.KiB, SizeShape.GiB), o => o.OutboxLimit, (o, v) => o with { OutboxLimit = v },
                "Bytes that may wait for one client before it counts as slow.")
            .Key("memoryLimit", new SizeShape(64 * SizeShape.MiB, 1024 * SizeShape.GiB), o => o.MemoryLimit, (o, v) => o with { MemoryLimit = v },
                "Working set above which outboxes are written out, and then the slowest clients are let go.")
            .Key("compression", new FlagShape(), o => o.Compression, (o, v) => o with { Compression = v },
                "Whether permessage-deflate is granted to clients that offer it.")
            .Key("minor", new FlagShape(), o => o.Minor, (o, v) => o with { Minor = v },
                "Whether quotes and books that displayFilter marks as hardly different go to everybody, not only to clients that ask for them.")
            .Key("defaultVenue", new TextShape("a venue", "^[a-z0-9-]{1,50}$"), _ => null, (o, v) => o with { DefaultVenue = v },
                "Venue of an instrument that a client names without one. Left out: the first of this file.")
            .Key("tokens", new ListShape<string>("token", Token, 1), _ => null, (o, v) => o with { Tokens = v },
                "Tokens, any of which lets a client in. Left out, and no jwt: everybody is let in.")
            .Key("jwt", MakeJwt(), _ => null, (o, v) => o with { Jwt = v }, "Tokens signed with a shared secret (HS256) that let a client in.")
            .Key("adminToken", Token, _ => null, (o, v) => o with { AdminToken = v },
                "What POST /api/websocket/flush and /api/websocket/disconnect must bear as Authorization: Bearer. Left out: they are taken from this machine alone.")
            .Key("origins", new ListShape<string>("origin", new OriginShape(), 1), _ => null, (o, v) => o with { Origins = v },
                "Origins whose pages may connect, beside the gateway's own and those of this machine; \"*\" for all.")
            .Key("trustedProxies", new ListShape<IPNetwork>("network", new NetworkShape(), 1), _ => null, (o, v) => o with { TrustedProxies = v },
                "Proxies whose X-Forwarded-For is believed. Left out: none.")
            .Key("limits", MakeLimits(), _ => null, (o, v) => o with { Limits = v }, "What one client, and one address, may do.")
            .Key("replayWindow", MakeWindow(), _ => null, (o, v) => o with { ReplayWindow = v },
                "The newest records, kept so that a client that comes back misses nothing.")
            .Rule(["listen", "certificate", "certificateKey"], CertificateGoesWithHttps);

    private static Section<GatewayJwtOptions> MakeJwt() =>
        new Section<GatewayJwtOptions>(() => new GatewayJwtOptions { Secret = "", Audience = "" })
            .Required("secret", new SecretShape("a secret", "^[ -~]{32,1024}$", "at least 32 characters; name a variable: ${PIPELINE_JWT_SECRET}"),
                (o, v) => o with { Secret = v }, "The shared secret; its bytes are the key.")
            .Required("audience", Name, (o, v) => o with { Audience = v }, "What aud must name.")
            .Key("issuer", Name, _ => null, (o, v) => o with { Issuer = v }, "What iss must be. Left out: it is not looked at.");

    private static Section<GatewayLimits> MakeLimits() =>
        new Section<GatewayLimits>(() => new GatewayLimits())
            .Key("maxMessageBytes", new SizeShape(SizeShape.KiB, 16 * SizeShape.MiB), o => o.MaxMessageBytes, (o, v) => o with { MaxMessageBytes = v },
                "Largest message taken from a client.")
            .Key("maxFilters", new IntegerShape(1, 100_000), o => o.MaxFilters, (o, v) => o with { MaxFilters = v },
                "Filters that a client may have at a time.")
            .Key("maxStreams", new IntegerShape(1, 1_000_000), o => o.MaxStreams, (o, v) => o with { MaxStreams = v },
                "Streams that a client may have at a time.")
            .Key("maxMessagesPerSecond", new IntegerShape(1, 100_000), o => o.MaxMessagesPerSecond, (o, v) => o with { MaxMessagesPerSecond = v },
                "Messages that a client may send each second, and five times as many at once.")
            .Key("maxMessagesPerSecondPerAddress", new IntegerShape(1, 1_000_000), o => o.MaxMessagesPerSecondPerAddress,
                (o, v) => o with { MaxMessagesPerSecondPerAddress = v },
                "Messages that the clients of one address may send each second, events of the candle service among them, and five times as many at once.")
            .Key("maxStreamsPerAddress", new IntegerShape(1, 100_000_000), o => o.MaxStreamsPerAddress,
                (o, v) => o with { MaxStreamsPerAddress = v },
                "Streams that the clients of one address may have at a time, one for each client and stream; rooms of the candle service among them.")
            .Key("maxConnectionsPerAddress", new IntegerShape(1, 1_000_000), o => o.MaxConnectionsPerAddress,
                (o, v) => o with { MaxConnectionsPerAddress = v }, "Clients that one address may have at a time, on WebSockets and polling.")
            .Key("maxConnectsPerSecond", new IntegerShape(1, 100_000), o => o.MaxConnectsPerSecond, (o, v) => o with { MaxConnectsPerSecond = v },
                "Clients that one address may connect each second, and ten times as many at once.")
            .Key("maxRequestsPerSecond", new IntegerShape(1, 1_000_000), o => o.MaxRequestsPerSecond, (o, v) => o with { MaxRequestsPerSecond = v },
                "HTTP requests that one address may make each second, those of polling among them, and ten times as many at once.")
            .Key("maxSocketsPerAddress", new IntegerShape(1, 1_000_000), _ => null, (o, v) => o with { MaxSocketsPerAddress = v },
                "Connections that one address may have, whatever they are for. Left out: 500 more than maxConnectionsPerAddress.")
            .Key("maxSocketsPerProxy", new IntegerShape(1, 1_000_000), _ => null, (o, v) => o with { MaxSocketsPerProxy = v },
                "The same for an address of trustedProxies. Left out: any number.")
            .Key("penalty", new DurationShape(TimeSpan.Zero, TimeSpan.FromHours(1)), o => o.Penalty, (o, v) => o with { Penalty = v },
                "How long the address of a client that was cut for what it sent is refused.");

    private static Section<ReplayWindowOptions> MakeWindow() =>
        new Section<ReplayWindowOptions>(() => new ReplayWindowOptions())
            .Key("age", new DurationShape(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), o => o.Age, (o, v) => o with { Age = v },
                "Older records leave it.")
            .Key("records", new IntegerShape(1, 1_000_000), o => o.Records, (o, v) => o with { Records = v },
                "Records of one partition of one topic at most.");

    private static IEnumerable<Breach> CertificateGoesWithHttps(GatewayOptions gateway)
    {
        var isSecure = gateway.Listen.Scheme == "https";
        if (isSecure && gateway.Certificate is null)
        {
            yield return new Breach("listen", "https needs a certificate", "add certificate: a PEM file, or write http://");
        }
        else if (!isSecure && gateway.Certificate is not null)
        {
            yield return new Breach("certificate", "a certificate is of no use without https", "write https:// in listen, or remove it");
        }
        else if (gateway is { CertificateKey: not null, Certificate: null })
        {
            yield return new Breach("certificateKey", "there is a key and no certificate", "add certificate, or remove it");
        }
    }
}
