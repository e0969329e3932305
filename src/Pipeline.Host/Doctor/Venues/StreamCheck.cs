using System.Net.WebSockets;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Feeds.Transport;
using Pipeline.Core.Market;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Doctor.Venues;

/// <summary>
/// What the venue really does on one group of connections: whether it takes the socket, acknowledges a lively stream and then delivers. An
/// acknowledgement proves nothing: venues acknowledge names that do not exist and routes that carry nothing.
/// </summary>
internal sealed class StreamCheck(VenueProbe venue, string route, params ICheck[] needs) : ICheck
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    public string Name => route.Length == 0 ? $"{venue.Name} stream" : $"{venue.Name} stream {route}";

    public IReadOnlyList<ICheck> Needs => needs;

    private string Endpoint => venue.Key("endpoints.webSocket");

    private Uri Address => venue.Adapter.StreamUri(venue.Options.WebSocketEndpoint, route);

    public async Task<Finding> RunAsync(CancellationToken cancellation)
    {
        BusiestStream? stream;
        try
        {
            stream = BusiestStream.Of(await venue.PlanAsync(cancellation), route);
        }
        catch (VenueException fault)
        {
            return Finding.Skip($"no stream can be chosen: {fault.Message}");
        }

        if (stream is null)
        {
            return Finding.Ok("the topology takes nothing over these connections");
        }

        try
        {
            using var socket = await ConnectAsync(cancellation);
            var trial = new StreamTrial(venue);
            await trial.RunAsync(socket, stream.Stream.Name, cancellation);
            socket.Abort();
            return await JudgeAsync(trial, stream, cancellation);
        }
        catch (FeedConnectException fault)
        {
            return Finding.Fail(fault.Message, AdviceOn(fault));
        }
        catch (Exception fault) when (fault is WebSocketException or IOException)
        {
            return Finding.Fail($"{Address} broke the connection: {fault.Message}", venue.ReachAdvice(Endpoint));
        }
    }

    private Task<IFeedSocket> ConnectAsync(CancellationToken cancellation) => TimeLimit.KeepAsync(
        ConnectLimit,
        venue.Time,
        token => venue.MakeTransport().ConnectAsync(Address, venue.Options.WebSocket, token),
        () => throw new FeedConnectException(DisconnectionReason.Timeout, $"{Address} took no connection within {ConnectLimit.TotalSeconds:0} s"),
        cancellation);

    private async Task<Finding> JudgeAsync(StreamTrial trial, BusiestStream stream, CancellationToken cancellation)
    {
        var name = stream.Stream.Name;
        if (trial.Refusal is { } refusal)
        {
            return Finding.Fail($"{Address} refuses {name}: {refusal}", $"check {venue.Key("instruments")} and {venue.Key("channels")}");
        }

        if (trial.Closed is { } closed)
        {
            return Finding.Fail($"{Address} was asked for {name}, and {closed}", $"the venue says why; check {Endpoint}, and whether other programs here use up its limits");
        }

        if (trial.Acked is not { } acked)
        {
            return Finding.Fail($"{Address} does not answer the request for {name} (F22)", $"check {Endpoint}: it takes WebSockets, and does not speak as {venue.Name} does");
        }

        var ack = venue.Adapter.TakesRequests ? $"acks {name} after {DoctorReport.Took(acked)}" : "takes the connection";
        return trial.FirstData is { } first
            ? Finding.Ok($"{Address} {ack}, first data after {DoctorReport.Took(first)}")
            : await JudgeSilenceAsync(ack, stream, cancellation);
    }

    /// <summary>It was told that data would come, and none did: the venue's other interface says whether there was any.</summary>
    private async Task<Finding> JudgeSilenceAsync(string ack, BusiestStream stream, CancellationToken cancellation)
    {
        var state = $"{Address} {ack} and delivers nothing within 5 s (F20)";
        var advice = $"the venue acknowledges names and routes that carry nothing: check {venue.Key("instruments")} and {Endpoint}; when they are "
            + "right the venue itself is silent: see its status page, or take another of its addresses";
        if (await HasTradedAsync(stream.Stream.Instrument, cancellation))
        {
            return Finding.Fail($"{state}, though its REST shows trades since", advice);
        }

        return stream.IsLively
            ? Finding.Fail(state, advice)
            : Finding.Warn($"{state}; its REST shows no trade since either", $"this may be a quiet instrument: name a busier one first in {venue.Key("instruments")} and ask again");
    }

    private async Task<bool> HasTradedAsync(Instrument? instrument, CancellationToken cancellation)
    {
        if (instrument is null || venue.Rest is null)
        {
            return false;
        }

        try
        {
            var sample = await venue.MeasureAsync(cancellation);
            var newest = await venue.NewestTradeAsync(instrument, cancellation);

            // In its own time, of the last 4 of the 5 seconds that were waited.
            return newest > MarketTime.Now(venue.Time) + (sample.Ahead - TimeSpan.FromSeconds(4)).TotalMicroseconds;
        }
        catch (Exception fault) when (fault is VenueRestException || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // The HTTP interface has trouble of its own, which its check tells.
            return false;
        }
    }

    private string AdviceOn(FeedConnectException fault) => fault.Advice?.Replace("venues.*.", venue.Key(""), StringComparison.Ordinal) ?? fault.Reason switch
    {
        DisconnectionReason.Proxy => $"check {venue.Key("network.proxies")}, or HTTPS_PROXY and ALL_PROXY in the environment",
        DisconnectionReason.Handshake => $"something answers there that is no WebSocket of {venue.Name}: check {Endpoint}, which is an address without a path",
        DisconnectionReason.Refused => $"nobody listens there: check host and port of {Endpoint}",
        _ => venue.ReachAdvice(Endpoint),
    };
}
