using System.IO.Compression;
using System.Net;
using System.Text;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Rest;
using Pipeline.TestKit.Time;
using Pipeline.Venues.Rest;

namespace Pipeline.Tests.Venues.Rest;

public sealed class VenueRestClientTests : IDisposable
{
    private readonly SynchronizationContext? _context = SynchronizationContext.Current;
    private readonly TestTimeProvider _time = new();
    private readonly ScriptedHandler _venue;
    private readonly HttpClient _http;
    private readonly VenueRestClient _client;
    private readonly PipelineMetrics _metrics = new();
    private readonly WeightBudget _budget;

    public VenueRestClientTests()
    {
        _venue = new ScriptedHandler(_time);
        _http = new HttpClient(_venue);
        _client = new VenueRestClient(
            "binance", _http, new Uri("https://venue.test"), _time,
            new RestOptions { UsedWeightHeader = "X-MBX-USED-WEIGHT-1M", MaxAnswerBytes = 100_000 }, _metrics);
        _budget = WeightBudget.PerMinute(100, _time, urgentPercent: 0);
    }

    public void Dispose()
    {
        SynchronizationContext.SetSynchronizationContext(_context);
        _http.Dispose();
        _venue.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public async Task GetAsync_Success_ReturnsTheBody()
    {
        _venue.Answer(HttpStatusCode.OK, """{"serverTime":1}""");
        using var answer = await Get("/api/v3/time?x=%E5%B8%81");
        Assert.Equal("""{"serverTime":1}""", Encoding.UTF8.GetString(answer.Body.Span));
        Assert.Equal("/api/v3/time?x=%E5%B8%81", Assert.Single(_venue.Requests).Asked);
        Assert.StartsWith("Pipeline/", _venue.UserAgent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAsync_BodyLargerThanFirstGuess_IsWhole()
    {
        var body = new string('x', 99_999);
        _venue.Then(_ => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new TrickleStream(body)) }));
        using var answer = await Get();
        Assert.Equal(body, Encoding.ASCII.GetString(answer.Body.Span));
    }

    [Fact]
    public async Task GetAsync_BodyBeyondTheBound_IsABadAnswer()
    {
        _venue.Answer(HttpStatusCode.OK, new string('x', 100_001));
        Assert.Equal(VenueRestFailure.BadAnswer, (await Assert.ThrowsAsync<VenueRestException>(() => Get())).Failure);
    }

    [Fact]
    public async Task GetAsync_FailuresThenSuccess_IsRetriedWithBackOff()
    {
        _venue.Fail().Answer(HttpStatusCode.BadGateway).Hang().Answer(HttpStatusCode.OK, "[1]");
        var call = Get();
        _time.Advance(TimeSpan.FromSeconds(30));
        using var answer = await call;
        Assert.Equal("[1]", Encoding.UTF8.GetString(answer.Body.Span));
        Assert.Equal(4, _venue.Requests.Count);
        Assert.True(_venue.Requests[1].Seconds > 0, "There was no pause before the second attempt.");
        Assert.InRange(_venue.Requests[3].Seconds - _venue.Requests[2].Seconds, 10, 15);
    }

    [Fact]
    public async Task GetAsync_ServerErrorForEver_EndsUnavailableAfterTheRetries()
    {
        for (var i = 0; i < 4; i++)
        {
            _venue.Answer(HttpStatusCode.ServiceUnavailable, "maintenance");
        }

        var call = Get("/depth");
        _time.Advance(TimeSpan.FromMinutes(1));
        var error = await Assert.ThrowsAsync<VenueRestException>(() => call);
        Assert.Equal((VenueRestFailure.Unavailable, "binance GET /depth: HTTP 503 maintenance"), (error.Failure, error.Message));
        Assert.Equal(4, _venue.Requests.Count);
    }

    [Fact]
    public async Task GetAsync_NoAnswer_EndsWithTimeoutAfterTheRetries()
    {
        _venue.Hang().Hang().Hang().Hang();
        var call = Get();
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(VenueRestFailure.Timeout, (await Assert.ThrowsAsync<VenueRestException>(() => call)).Failure);
        Assert.Equal(4, _venue.Requests.Count);
    }

    [Fact]
    public async Task GetAsync_RequestRefused_IsNotRetriedAndSaysWhy()
    {
        _venue.Answer(HttpStatusCode.BadRequest, """{"code":-1121,"msg":"Invalid symbol."}""");
        var error = await Assert.ThrowsAsync<VenueRestException>(() => Get());
        Assert.Equal(VenueRestFailure.Refused, error.Failure);
        Assert.Contains("Invalid symbol.", error.Message, StringComparison.Ordinal);
        Assert.Single(_venue.Requests);
    }

    [Fact]
    public async Task GetAsync_CancelledWhileWaitingForTheAnswer_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        _venue.Hang();
        var call = Get(cancellation: cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Single(_venue.Requests);
    }

    [Fact]
    public async Task GetAsync_ShortRetryAfter_IsWaitedOutOnce()
    {
        _venue.Answer(HttpStatusCode.TooManyRequests, "{}", ("Retry-After", "3")).Answer(HttpStatusCode.OK);
        var call = Get();
        _time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.Single(_venue.Requests);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        (await call).Dispose();
        Assert.Equal(3, _venue.Requests[1].Seconds);
    }

    [Fact]
    public async Task GetAsync_RateLimitedTwice_GivesUp()
    {
        _venue.Answer(HttpStatusCode.TooManyRequests, "{}", ("Retry-After", "1")).Answer(HttpStatusCode.TooManyRequests, "{}", ("Retry-After", "1"));
        var call = Get();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(VenueRestFailure.RateLimited, (await Assert.ThrowsAsync<VenueRestException>(() => call)).Failure);
        Assert.Equal(2, _venue.Requests.Count);
    }

    [Fact]
    public async Task GetAsync_LongRetryAfter_FailsThisCallAndEveryOtherUntilThen()
    {
        _venue.Answer(HttpStatusCode.TooManyRequests, "{}", ("Retry-After", "30")).Answer(HttpStatusCode.OK);
        Assert.Equal(TimeSpan.FromSeconds(30), (await Assert.ThrowsAsync<VenueRestException>(() => Get())).RetryAfter);

        _time.Advance(TimeSpan.FromSeconds(20));
        var other = await Assert.ThrowsAsync<VenueRestException>(() => Get());
        Assert.Equal((VenueRestFailure.RateLimited, TimeSpan.FromSeconds(10)), (other.Failure, other.RetryAfter));
        Assert.Single(_venue.Requests);

        // The last five seconds are worth waiting for.
        _time.Advance(TimeSpan.FromSeconds(5));
        var patient = Get();
        _time.Advance(TimeSpan.FromSeconds(5));
        (await patient).Dispose();
        Assert.Equal(30, _venue.Requests[1].Seconds);
    }

    [Theory]
    [InlineData(418)]
    [InlineData(403)]
    public async Task GetAsync_BanWithoutAHeader_HoldsTwoMinutes(int status)
    {
        _venue.Answer((HttpStatusCode)status, "banned").Answer(HttpStatusCode.OK);
        Assert.Equal(VenueRestFailure.Banned, (await Assert.ThrowsAsync<VenueRestException>(() => Get())).Failure);
        _time.Advance(TimeSpan.FromSeconds(114));
        var refused = await Assert.ThrowsAsync<VenueRestException>(() => Get());
        Assert.Equal((VenueRestFailure.Banned, TimeSpan.FromSeconds(6)), (refused.Failure, refused.RetryAfter));
        _time.Advance(TimeSpan.FromSeconds(6));
        (await Get()).Dispose();
        Assert.Equal(2, _venue.Requests.Count);
    }

    [Fact]
    public async Task GetAsync_UsedWeightOfTheVenue_CountsInTheBudget()
    {
        _venue.Answer(HttpStatusCode.OK, "{}", ("X-MBX-USED-WEIGHT-1M", "95")).Answer(HttpStatusCode.OK);
        _time.Advance(TimeSpan.FromSeconds(10));
        (await Get()).Dispose();
        var next = Get(weight: 6);
        _time.Advance(TimeSpan.FromSeconds(50));
        Assert.Single(_venue.Requests);
        _time.Advance(TimeSpan.FromSeconds(1));
        (await next).Dispose();
        Assert.Equal(61, _venue.Requests[1].Seconds);
    }

    [Fact]
    public async Task GetAsync_DamagedCompression_IsRetriedAndThenUnavailable()
    {
        for (var i = 0; i < 4; i++)
        {
            _venue.Then(_ => Task.FromResult(new HttpResponseMessage
            {
                Content = new StreamContent(new GZipStream(new MemoryStream("no gzip at all"u8.ToArray()), CompressionMode.Decompress)),
            }));
        }

        var call = Get();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(VenueRestFailure.Unavailable, (await Assert.ThrowsAsync<VenueRestException>(() => call)).Failure);
        Assert.Equal(4, _venue.Requests.Count);
    }

    [Fact]
    public async Task GetAsync_EveryAttempt_IsCountedAndTheBudgetShown()
    {
        _client.Show("weight", _budget);
        _time.Advance(TimeSpan.FromSeconds(10));
        _venue.Fail().Answer(HttpStatusCode.OK, "{}", ("X-MBX-USED-WEIGHT-1M", "95"));
        var call = Get();
        _time.Advance(TimeSpan.FromSeconds(5));
        (await call).Dispose();
        var waiting = Get(weight: 6);

        var samples = _metrics.Snapshot().Where(one => one.Name.StartsWith("pipeline.rest.", StringComparison.Ordinal))
            .Select(one => $"{one.Name[14..]} {one.Tag} {one.Detail} {one.Value}").Order();
        Assert.Equal(
            ["requests binance answered 1", "requests binance unavailable 1", "weight_limit binance weight 100", "weight_used binance weight 95"], samples);
        Assert.Equal(1, _metrics.Queues.Single(queue => queue.Name == "requests binance weight").Length());
        _venue.Answer(HttpStatusCode.OK);
        _time.Advance(TimeSpan.FromMinutes(1));
        (await waiting).Dispose();
    }

    private Task<RestAnswer> Get(string pathAndQuery = "/time", int weight = 1, CancellationToken cancellation = default)
    {
        // Continuations shall run inline, so that what a step of the clock causes has happened when it returns.
        SynchronizationContext.SetSynchronizationContext(null);
        return _client.GetAsync(pathAndQuery, _budget, weight, cancellation: cancellation);
    }

    /// <summary>A body of unknown length that comes a thousand bytes at a time.</summary>
    private sealed class TrickleStream(string body) : MemoryStream(Encoding.ASCII.GetBytes(body))
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(1000, buffer.Length)], cancellationToken);
    }
}
