using System.Globalization;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Rest;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Pipeline.Venues.Rest;

/// <summary>
/// Asks a venue's HTTP interface, one GET at a time and any number at once, and bears what venues do: attempts are bounded in time,
/// retried with jittered back-off when the connection or the server failed, never when the request was refused, and what the venue
/// says about pausing holds for every call of this client.
/// </summary>
internal sealed class VenueRestClient
{
    private static readonly string UserAgent = $"Pipeline/{typeof(VenueRestClient).Assembly.GetName().Version?.ToString(3)}";

    private readonly string _venue;
    private readonly HttpClient _http;
    private readonly Uri _endpoint;
    private readonly TimeProvider _clock;
    private readonly RestOptions _options;
    private readonly PipelineMetrics? _metrics;
    private readonly RestPause _pause;
    private readonly ResiliencePipeline<RestAnswer> _retries;
    private readonly ResiliencePipeline<RestAnswer> _timeout;

    /// <param name="venue">Name for messages, such as <c>binance</c>.</param>
    /// <param name="http">Lives as long as the client; its handler decides about connections and compression.</param>
    /// <param name="endpoint">Scheme and host, such as <c>https://api.binance.com</c>.</param>
    /// <param name="metrics">Counts every attempt by what became of it; null = nobody counts.</param>
    public VenueRestClient(
        string venue, HttpClient http, Uri endpoint, TimeProvider clock, RestOptions? options = null, PipelineMetrics? metrics = null)
    {
        _metrics = metrics;
        _venue = venue;
        _http = http;
        _endpoint = endpoint;
        _clock = clock;
        _options = options ?? new RestOptions();
        _pause = new RestPause(clock);
        _retries = new ResiliencePipelineBuilder<RestAnswer> { TimeProvider = clock }.AddRetry(RetryOptions()).Build();
        _timeout = new ResiliencePipelineBuilder<RestAnswer> { TimeProvider = clock }.AddTimeout(_options.AttemptTimeout).Build();
    }

    /// <summary>The body of the answer to a GET.</summary>
    /// <param name="pathAndQuery">Such as <c>/api/v3/depth?symbol=BTCUSDT</c>, escaped.</param>
    /// <param name="budget">What the call is counted in; every attempt takes <paramref name="weight"/> of it.</param>
    /// <param name="urgent">May use the share of the budget that is kept free.</param>
    /// <exception cref="VenueRestException">The venue did not answer as asked.</exception>
    public async Task<RestAnswer> GetAsync(
        string pathAndQuery, WeightBudget budget, int weight = 1, bool urgent = false, CancellationToken cancellation = default) =>
        await _retries.ExecuteAsync(token => CountAsync(AttemptAsync(pathAndQuery, budget, weight, urgent, token)), cancellation);

    /// <summary>Shows a budget's line and use among the figures.</summary>
    /// <param name="name">Tells it from the venue's other budgets.</param>
    public void Show(string name, WeightBudget budget) =>
        _metrics?.AddRestBudget(_venue, name, () => budget.Waiting, WeightLine.MostWaiting, () => budget.Used, budget.Limit);

    /// <summary>Counts rows of a list that were passed over because they could not be read.</summary>
    public void RowsSkipped(int rows) => _metrics?.RestRowsSkipped(_venue, rows);

    /// <summary>Begins a pause for all calls; for venues that say "too many requests" inside a good answer. The caller throws what it returns.</summary>
    /// <param name="retryAfter">Null when the venue does not say how long.</param>
    public VenueRestException Pause(VenueRestFailure failure, string message, TimeSpan? retryAfter = null)
    {
        var length = retryAfter ?? (failure == VenueRestFailure.Banned ? _options.BanPause : _options.RateLimitPause);
        _pause.Begin(failure, length);
        return new VenueRestException(failure, message, length);
    }

    private RetryStrategyOptions<RestAnswer> RetryOptions() => new()
    {
        MaxRetryAttempts = _options.Retries,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = _options.RetryDelay,
        MaxDelay = _options.LongestRetryDelay,
        ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is VenueRestException error && IsWorthRetrying(error, attempt.AttemptNumber)),

        // The pause itself is waited out before the next attempt.
        DelayGenerator = attempt => ValueTask.FromResult<TimeSpan?>(
            attempt.Outcome.Exception is VenueRestException { Failure: VenueRestFailure.RateLimited } ? TimeSpan.Zero : null),
    };

    /// <summary>"Too many requests" is retried once, and only when the venue wants a short pause: insisting ends in a ban.</summary>
    private bool IsWorthRetrying(VenueRestException error, int attempt) => error.Failure switch
    {
        VenueRestFailure.Unavailable or VenueRestFailure.Timeout => true,
        VenueRestFailure.RateLimited => attempt == 0 && error.RetryAfter <= _options.PatientFor,
        _ => false,
    };

    private async ValueTask<RestAnswer> CountAsync(ValueTask<RestAnswer> attempt)
    {
        try
        {
            var answer = await attempt;
            _metrics?.RestRequest(_venue, "answered");
            return answer;
        }
        catch (VenueRestException error)
        {
            _metrics?.RestRequest(_venue, error.Failure switch
            {
                VenueRestFailure.Unavailable => "unavailable",
                VenueRestFailure.Timeout => "timeout",
                VenueRestFailure.RateLimited => "rate-limited",
                VenueRestFailure.Banned => "banned",
                VenueRestFailure.Refused => "refused",
                _ => "bad-answer",
            });
            throw;
        }
        catch (OperationCanceledException)
        {
            _metrics?.RestRequest(_venue, "cancelled");
            throw;
        }
    }

    private async ValueTask<RestAnswer> AttemptAsync(
        string pathAndQuery, WeightBudget budget, int weight, bool urgent, CancellationToken cancellation)
    {
        await WaitOutPauseAsync(pathAndQuery, cancellation);
        var window = await budget.TakeAsync(weight, urgent, cancellation);

        // Others may have been told to pause while this call stood in line.
        await WaitOutPauseAsync(pathAndQuery, cancellation);
        try
        {
            return await _timeout.ExecuteAsync(token => SendAsync(pathAndQuery, budget, window, token), cancellation);
        }
        catch (TimeoutRejectedException error)
        {
            throw new VenueRestException(
                VenueRestFailure.Timeout, $"{Name(pathAndQuery)}: no answer within {_options.AttemptTimeout.TotalSeconds} s.", inner: error);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new VenueRestException(VenueRestFailure.Timeout, $"{Name(pathAndQuery)}: the HTTP client gave up.", inner: error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or InvalidDataException or InvalidOperationException)
        {
            // The last two: compressed data that is damaged, or a client that cannot send (HttpClient has no kinds of its own for these).
            throw new VenueRestException(VenueRestFailure.Unavailable, $"{Name(pathAndQuery)}: {error.Message}", inner: error);
        }
    }

    private async ValueTask WaitOutPauseAsync(string pathAndQuery, CancellationToken cancellation)
    {
        var left = _pause.Left;
        if (left > TimeSpan.Zero && left <= _options.PatientFor)
        {
            await Task.Delay(left, _clock, cancellation);
            left = _pause.Left;
        }

        if (left > TimeSpan.Zero)
        {
            throw new VenueRestException(
                _pause.Failure, $"{Name(pathAndQuery)}: not asked, {_venue} wants to be left alone for {Math.Ceiling(left.TotalSeconds)} s more.", left);
        }
    }

    private async ValueTask<RestAnswer> SendAsync(string pathAndQuery, WeightBudget budget, long window, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_endpoint, pathAndQuery));
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (UsedWeight(response) is { } used)
        {
            budget.Synchronise(window, used);
        }

        if (!response.IsSuccessStatusCode)
        {
            throw await RestRefusal.ReadAsync(response, Name(pathAndQuery), this, _clock, cancellation);
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        return await RestAnswer.ReadAsync(body, response.Content.Headers.ContentLength ?? 0, _options.MaxAnswerBytes, cancellation)
            ?? throw new VenueRestException(
                VenueRestFailure.BadAnswer, $"{Name(pathAndQuery)}: the answer is larger than {_options.MaxAnswerBytes} bytes.");
    }

    private int? UsedWeight(HttpResponseMessage response) =>
        _options.UsedWeightHeader is { } header
        && response.Headers.TryGetValues(header, out var values)
        && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var used)
            ? used
            : null;

    private string Name(string pathAndQuery) => $"{_venue} GET {pathAndQuery}";
}
