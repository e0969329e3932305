using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pipeline.Core.Market;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance.Rest;

/// <summary>
/// Serves a REST interface from the same world as the streams: charges the request's weight, reads under the world's lock, writes
/// outside it.
/// </summary>
internal sealed class BinanceRest
{
    private const string Json = "application/json;charset=UTF-8";

    private readonly IReadOnlyDictionary<string, RestEndpoint> _endpoints;
    private readonly SimulatedVenue _venue;
    private readonly TimeProvider _clock;
    private Dictionary<string, RestMarket> _markets = [];
    private MarketWorld? _world;

    public BinanceRest(IReadOnlyDictionary<string, RestEndpoint> endpoints, SimulatedVenue venue, BinanceLimits limits, TimeProvider clock)
    {
        _endpoints = endpoints;
        _venue = venue;
        _clock = clock;
        Budget = new RestBudget(clock, limits.WeightPerMinute);
        FundingBudget = new FundingBudget(clock);
    }

    public IReadOnlyList<RestMarket> Markets { get; private set; } = [];

    public RestBudget Budget { get; }

    /// <summary>Futures count requests for funding rates apart.</summary>
    public FundingBudget FundingBudget { get; }

    public void Open(MarketWorld? world)
    {
        _world = world;
        Markets = [.. world?.EnginesOf(_venue).Select(engine => new RestMarket(engine)) ?? []];
        _markets = Markets.ToDictionary(market => market.Spec.Symbol, StringComparer.Ordinal);
    }

    public RestMarket? Find(string symbol) => _markets.GetValueOrDefault(symbol);

    /// <summary>Microseconds by which the venue's clock is ahead.</summary>
    public long Skew => _world?.SkewOf(_venue) ?? 0;

    /// <summary>Runs <paramref name="read"/> while nothing moves.</summary>
    public T Read<T>(Func<T> read) => _world is null ? read() : _world.Read(read);

    /// <param name="market">Whose.</param>
    /// <param name="limit">Levels a side.</param>
    /// <param name="atInterval">The book as it was when the last 100 ms ended; else that of now.</param>
    public BookSnapshot ReadBook(RestMarket market, int limit, bool atInterval)
    {
        var book = market.Engine.Book;
        if (!atInterval)
        {
            return Read(() => book.Snapshot(limit));
        }

        var snapshot = Read(() => book.History.Prepare(book.History.IdAt(MarketTime.Now(_clock))))!();
        return snapshot with { Bids = [.. snapshot.Bids.Take(limit)], Asks = [.. snapshot.Asks.Take(limit)] };
    }

    public async Task AnswerAsync(HttpContext context)
    {
        if (!_endpoints.TryGetValue(context.Request.Path.Value ?? "", out var endpoint))
        {
            await WebSocketHandshake.RefuseAsync(context, StatusCodes.Status404NotFound, "Not found. The simulator's README lists what there is.");
            return;
        }

        if (!HttpMethods.IsGet(context.Request.Method))
        {
            await WriteErrorAsync(context, StatusCodes.Status405MethodNotAllowed, -1000, "Request method not supported.");
            return;
        }

        var inMicroseconds = string.Equals(context.Request.Headers["X-MBX-TIME-UNIT"], "MICROSECOND", StringComparison.OrdinalIgnoreCase);
        var unit = inMicroseconds && _venue == SimulatedVenue.BinanceSpot ? 1 : UnixTime.Millisecond;
        var request = new RestRequest(context.Request.Query, this, MarketTime.Now(_clock), unit);
        if (await ChargeAsync(context, endpoint.Weight(request)))
        {
            await AnswerAsync(context, endpoint, request);
        }
    }

    private static async Task AnswerAsync(HttpContext context, RestEndpoint endpoint, RestRequest request)
    {
        var answer = new FrameBuilder();
        answer.Begin();
        try
        {
            endpoint.Answer(request, answer);
        }
        catch (RestException e)
        {
            await WriteErrorAsync(context, StatusCodes.Status400BadRequest, e.Code, e.Message);
            return;
        }

        await RestAnswer.WriteAsync(context, StatusCodes.Status200OK, answer.Payload.ToArray(), Json);
    }

    /// <summary>False when the request was refused, which it has been told then.</summary>
    private async Task<bool> ChargeAsync(HttpContext context, int weight)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (weight == FundingBudget.Weight)
        {
            if (FundingBudget.TryTake(address, out var wait))
            {
                return true;
            }

            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await WriteErrorAsync(
                context, StatusCodes.Status429TooManyRequests, -1003, "Too many requests; current limit is 500 requests per 5 MINUTE.");
            return false;
        }

        var charge = Budget.Charge(address, weight);
        var used = charge.Used.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["X-MBX-USED-WEIGHT"] = used;
        context.Response.Headers["X-MBX-USED-WEIGHT-1M"] = used;
        if (charge.Verdict == RestVerdict.Granted)
        {
            return true;
        }

        var seconds = (charge.Wait + UnixTime.Second - 1) / UnixTime.Second;
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        var banned = charge.Verdict == RestVerdict.Banned;
        await WriteErrorAsync(
            context,
            banned ? StatusCodes.Status418ImATeapot : StatusCodes.Status429TooManyRequests,
            -1003,
            banned
                ? $"Way too much request weight used; IP banned until {charge.BannedUntil / UnixTime.Millisecond}. Please use WebSocket Streams for live updates to avoid bans."
                : $"Too much request weight used; current limit is {Budget.Limit} request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.");
        return false;
    }

    private static Task WriteErrorAsync(HttpContext context, int status, int code, string message)
    {
        var text = JsonEncodedText.Encode(message, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        var body = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"code\":{code},\"msg\":\"{text}\"}}"));
        return RestAnswer.WriteAsync(context, status, body, Json);
    }
}
