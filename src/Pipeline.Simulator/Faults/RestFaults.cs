using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Enumeration;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Pipeline.Core.Market;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Faults;

/// <summary>Stands before a dialect's HTTP answers: refuses, delays, repeats old ones and makes snapshots too old.</summary>
internal sealed partial class RestFaults(FaultBoard board, IVenueDialect dialect, TimeProvider clock)
{
    private const int MostCached = 1000;
    private const int LongestCached = 1024 * 1024;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, CachedAnswer> _cache = new(StringComparer.Ordinal);

    private SimulatedVenue Venue => dialect.Listing.Venue;

    /// <param name="context">The request.</param>
    /// <param name="reset">Cuts TCP.</param>
    public async Task AnswerAsync(HttpContext context, Action reset)
    {
        if (board.IsQuiet)
        {
            await dialect.AnswerAsync(context);
            return;
        }

        if (Strike(FaultId.F45, context) is { } refused)
        {
            await RefuseAsync(context, refused, reset);
            return;
        }

        var slow = Strike(FaultId.F67, context);
        if (slow is not null && slow.Values.Duration("delay") is var delay && delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, clock, context.RequestAborted);
        }

        var answer = slow is not null && Cached(context, slow.Values.Duration("stale")) is { } old ? old : await AskAsync(context);
        if (slow is not null && answer.Status == StatusCodes.Status200OK && answer.Body.Length <= LongestCached)
        {
            Keep(context, answer);
        }

        await WriteAsync(context, answer with { Body = Staled(answer) });
    }

    [GeneratedRegex("\"(lastUpdateId|seqId|prevSeqId|u|seq)\":([0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex SnapshotId();

    /// <summary>A fault with a pattern of paths concerns only those.</summary>
    private ActiveFault? Strike(FaultId id, HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        var struck = board.Active.FirstOrDefault(fault => fault.Id == id && fault.Concerns(Venue)
            && FileSystemName.MatchesSimpleExpression(fault.Values.Text("path"), path) && fault.TryStrike());
        struck?.Note(Venue, path);
        return struck;
    }

    private async Task RefuseAsync(HttpContext context, ActiveFault refused, Action reset)
    {
        var status = refused.Values.Text("status") switch
        {
            "ban" => refused.Struck <= refused.Values.Whole("warnings") ? "429" : "418",
            var other => other,
        };
        if (status is "hang" or "reset")
        {
            await HangAsync(status == "hang" ? refused : null, context.RequestAborted);
            reset();
            return;
        }

        context.Response.ContentType = "application/json;charset=UTF-8";
        if (status == "empty")
        {
            await context.Response.WriteAsync(EmptyList(), context.RequestAborted);
            return;
        }

        HandshakeFaults.AddRetryAfter(context, refused.Values.Duration("retryAfter"));
        context.Response.StatusCode = int.Parse(status, CultureInfo.InvariantCulture);
        await context.Response.WriteAsync(Refusal(status, refused.Values.Duration("retryAfter")), context.RequestAborted);
    }

    private string Refusal(string status, TimeSpan wait) => (Venue, status) switch
    {
        (SimulatedVenue.Okx, _) => "{\"code\":\"50011\",\"msg\":\"Too Many Requests\",\"data\":[]}",
        (SimulatedVenue.Bybit, _) => "{\"retCode\":10006,\"retMsg\":\"Too many visits!\",\"result\":{},\"retExtInfo\":{}}",
        (_, "418") => "{\"code\":-1003,\"msg\":\"Way too much request weight used; IP banned until "
            + ((MarketTime.Now(clock) + MarketTime.From(wait)) / UnixTime.Millisecond).ToString(CultureInfo.InvariantCulture)
            + ". Please use WebSocket Streams for live updates to avoid bans.\"}",
        (_, "429") => "{\"code\":-1003,\"msg\":\"Too much request weight used; current limit is 6000 request weight per 1 MINUTE. "
            + "Please use WebSocket Streams for live updates to avoid polling the API.\"}",
        _ => "{\"code\":-1000,\"msg\":\"An unknown error occurred while processing the request.\"}",
    };

    private string EmptyList() => Venue switch
    {
        SimulatedVenue.Okx => "{\"code\":\"0\",\"msg\":\"\",\"data\":[]}",
        SimulatedVenue.Bybit => "{\"retCode\":0,\"retMsg\":\"OK\",\"result\":{\"list\":[]},\"retExtInfo\":{}}",
        _ => "[]",
    };

    private async Task HangAsync(ActiveFault? until, CancellationToken cancellation)
    {
        try
        {
            while (until is not null && board.Find(until.Handle) is not null)
            {
                await Task.Delay(Look, clock, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // The client gave up.
        }
    }

    /// <summary>Lets the dialect answer into memory.</summary>
    private async Task<CachedAnswer> AskAsync(HttpContext context)
    {
        var body = context.Response.Body;
        using var memory = new MemoryStream();
        context.Response.Body = memory;
        try
        {
            await dialect.AnswerAsync(context);
            return new CachedAnswer(context.Response.StatusCode, context.Response.ContentType, memory.ToArray(), clock.GetTimestamp());
        }
        finally
        {
            context.Response.Body = body;
        }
    }

    private static string KeyOf(HttpContext context) => $"{context.Request.Path}{context.Request.QueryString}";

    private CachedAnswer? Cached(HttpContext context, TimeSpan stale) =>
        _cache.TryGetValue(KeyOf(context), out var answer) && clock.GetElapsedTime(answer.At) < stale ? answer : null;

    private void Keep(HttpContext context, CachedAnswer answer)
    {
        if (_cache.Count >= MostCached)
        {
            _cache.Clear();
        }

        _cache[KeyOf(context)] = answer;
    }

    private byte[] Staled(CachedAnswer answer)
    {
        var text = answer.Body.AsSpan();
        var isSnapshot = text.IndexOf("\"bids\""u8) >= 0 || text.IndexOf("\"b\":[["u8) >= 0;
        if (!isSnapshot || board.Strike(FaultId.F44, Venue) is not { } stale)
        {
            return answer.Body;
        }

        var behind = stale.Values.Whole("behind");
        return Encoding.UTF8.GetBytes(SnapshotId().Replace(Encoding.UTF8.GetString(text), match =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"\"{match.Groups[1].Value}\":{Math.Max(1, long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) - behind)}")));
    }

    private static async Task WriteAsync(HttpContext context, CachedAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.Type;
        context.Response.ContentLength = answer.Body.Length;
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    /// <param name="At">Timestamp of the clock.</param>
    private sealed record CachedAnswer(int Status, string? Type, byte[] Body, long At);
}
