using Pipeline.Gateway.Hub;

namespace Pipeline.Gateway.History;

/// <summary>The hub, as far as candles need it.</summary>
internal interface ICandleHub
{
    /// <summary>Runs a function between two records and brings back what it made. For any thread.</summary>
    /// <exception cref="HubUnavailableException">The hub has ended, or too many commands wait.</exception>
    Task<T> AskAsync<T>(Func<ICandleTail, T> question, CancellationToken cancellation = default);

    /// <summary>Lets a function run between two records; false when it will not.</summary>
    /// <param name="force">However many wait: for what must not be left out, such as that a client is gone.</param>
    bool Post(Action<ICandleTail> command, bool force = false);
}
