using Pipeline.Gateway.Hub;

namespace Pipeline.Gateway.Candles;

/// <summary>The hub, as far as candles need it.</summary>
internal interface ICandleHub
{
    /// <summary>Runs a function between two records and brings back what it made. For any thread.</summary>
    /// <exception cref="HubUnavailableException">The hub has ended, or too many commands wait.</exception>
    Task<T> AskAsync<T>(Func<ICandleTail, T> question, CancellationToken cancellation = default);

    /// <summary>Lets a function run between two records; false when it will not.</summary>
    bool Post(Action<ICandleTail> command);
}
