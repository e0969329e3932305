namespace Pipeline.Core.Feeds;

/// <summary>
/// What is wished for on one connection, apart from what the venue has confirmed. Intent survives the socket, confirmation does not.
/// Plain logic; not thread-safe.
/// </summary>
internal sealed class SubscriptionLedger
{
    /// <summary>A request without an answer is made this often.</summary>
    private const int MaxAttempts = 2;

    private readonly OrderedDictionary<string, (StreamState State, int Attempts)> _wanted = new(StringComparer.Ordinal);

    /// <summary>Streams being left on the current socket, and how often the venue was asked.</summary>
    private readonly Dictionary<string, int> _leaving = new(StringComparer.Ordinal);

    public int Count => _wanted.Count;

    /// <summary>Streams that the venue has confirmed.</summary>
    public int ConfirmedCount => _wanted.Values.Count(stream => stream.State == StreamState.Confirmed);

    public bool IsReady => _wanted.Values.All(stream => stream.State == StreamState.Confirmed);

    public IReadOnlyDictionary<string, StreamState> States =>
        _wanted.ToDictionary(stream => stream.Key, stream => stream.Value.State, StringComparer.Ordinal);

    /// <summary>False when it is wanted already.</summary>
    public bool Want(string stream)
    {
        _leaving.Remove(stream);
        return _wanted.TryAdd(stream, (StreamState.Requested, 0));
    }

    /// <summary>False when it was not wanted.</summary>
    public bool Leave(string stream)
    {
        if (!_wanted.Remove(stream))
        {
            return false;
        }

        _leaving[stream] = 0;
        return true;
    }

    /// <summary>The socket is gone and every confirmation with it; returns what a new one has to be asked for.</summary>
    public List<string> Reset()
    {
        _leaving.Clear();
        foreach (var stream in _wanted.Keys.ToList())
        {
            _wanted[stream] = (StreamState.Requested, 0);
        }

        return [.. _wanted.Keys];
    }

    public void Sent(SubscriptionRequest request)
    {
        foreach (var stream in request.Streams)
        {
            if (request.Action == SubscriptionAction.Unsubscribe)
            {
                if (_leaving.TryGetValue(stream, out var attempts))
                {
                    _leaving[stream] = attempts + 1;
                }
            }
            else if (_wanted.TryGetValue(stream, out var wanted))
            {
                _wanted[stream] = (StreamState.Requested, wanted.Attempts + 1);
            }
        }
    }

    /// <summary>Returns the streams of the request that are still wanted that way.</summary>
    public List<string> Confirm(SubscriptionRequest request) => End(request, StreamState.Confirmed);

    /// <summary>Returns the streams of the request that are still wanted that way.</summary>
    public List<string> Fail(SubscriptionRequest request) => End(request, StreamState.Failed);

    /// <summary>No answer came: tells the streams that are worth another request from those that are not.</summary>
    public (List<string> Again, List<string> Failed) Expire(SubscriptionRequest request)
    {
        var again = new List<string>();
        var failed = new List<string>();
        foreach (var stream in request.Streams.Where(stream => IsCurrent(request.Action, stream)))
        {
            var attempts = request.Action == SubscriptionAction.Unsubscribe ? _leaving[stream] : _wanted[stream].Attempts;
            (attempts < MaxAttempts ? again : failed).Add(stream);
        }

        failed.ForEach(stream => End(request.Action, stream, StreamState.Failed));
        return (again, failed);
    }

    private List<string> End(SubscriptionRequest request, StreamState state)
    {
        var current = request.Streams.Where(stream => IsCurrent(request.Action, stream)).ToList();
        current.ForEach(stream => End(request.Action, stream, state));
        return current;
    }

    private void End(SubscriptionAction action, string stream, StreamState state)
    {
        if (action == SubscriptionAction.Unsubscribe)
        {
            _leaving.Remove(stream);
        }
        else
        {
            _wanted[stream] = (state, _wanted[stream].Attempts);
        }
    }

    private bool IsCurrent(SubscriptionAction action, string stream) =>
        action == SubscriptionAction.Unsubscribe ? _leaving.ContainsKey(stream) : _wanted.ContainsKey(stream);
}
