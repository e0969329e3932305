using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Transport;
using Pipeline.Core.Market;

namespace Pipeline.Host.Doctor.Venues;

/// <summary>The checks of one venue, in the order of the way there: name, certificate, proxy, HTTP interface, clock, streams.</summary>
internal sealed class VenueChecks(VenueProbe venue)
{
    // Of each kind of instrument one: which address carries a stream depends on its channel.
    private static readonly string[] Samples = ["BTC-USDT", "BTC-USDT-PERP", "So11111111111111111111111111111111111111112"];

    private readonly List<ICheck> _checks = [];

    /// <summary>What a check needs stands before it.</summary>
    public IReadOnlyList<ICheck> Make()
    {
        var socketWay = MakeWay(venue.Options.WebSocketEndpoint, "endpoints.webSocket");
        if (venue.Rest is not null)
        {
            var rest = Add(new RestCheck(venue, MakeWay(venue.Options.RestEndpoint!, "endpoints.rest")));
            Add(new ClockCheck(venue, rest));
            Add(new InstrumentsCheck(venue, rest));
        }

        foreach (var route in Routes())
        {
            Add(new StreamCheck(venue, route, socketWay));
        }

        return _checks;
    }

    /// <summary>What must work before an address can be spoken to.</summary>
    private ICheck[] MakeWay(Uri address, string key)
    {
        var first = MakeFirstHop(address, key);
        if (address.Scheme is not ("wss" or "https"))
        {
            return first;
        }

        var tls = new TlsCheck(venue, address, venue.Key(key), first);
        return [_checks.OfType<TlsCheck>().FirstOrDefault(one => one.Name == tls.Name) ?? Add(tls)];
    }

    private ICheck[] MakeFirstHop(Uri address, string key)
    {
        if (venue.Proxies.GetProxy(address) is not { } chosen)
        {
            var dns = new DnsCheck(venue.Name, address.Host, venue.Key(key), venue.Time);
            return [_checks.OfType<DnsCheck>().FirstOrDefault(one => one.Name == dns.Name) ?? Add(dns)];
        }

        if (!_checks.OfType<ProxyCheck>().Any())
        {
            var target = venue.Adapter.StreamUri(venue.Options.WebSocketEndpoint, Routes()[0]);
            foreach (var proxy in venue.Options.Network.Proxies)
            {
                Add(new ProxyCheck(venue, proxy, ProxyAddress.Show(proxy), target));
            }

            if (venue.Options.Network.Proxies.Count == 0)
            {
                Add(new ProxyCheck(venue, null, ProxyAddress.Show(chosen), target));
            }
        }

        // With several the feeds go on with the next one: then the rest is looked at all the same.
        return _checks.OfType<ProxyCheck>().ToArray() is { Length: 1 } only ? only : [];
    }

    private List<string> Routes()
    {
        var adapter = venue.Adapter;
        var rules = adapter.RulesFor(venue.Options.TradeSource);
        var options = new ChannelOptions(venue.Options.TradeSource, venue.Options.VenueCandleIntervals);
        return
        [
            .. Samples.Where(id => adapter.SymbolOf(id) is not null)
                .Select(id => new Instrument(0, venue.Name, id, adapter.SymbolOf(id)!, rules))
                .SelectMany(instrument => venue.Options.Channels.SelectMany(channel => adapter.StreamNames(instrument, channel, options)))
                .Select(adapter.RouteOf).Distinct(StringComparer.Ordinal),
        ];
    }

    private T Add<T>(T check)
        where T : ICheck
    {
        _checks.Add(check);
        return check;
    }
}
