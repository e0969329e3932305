namespace Pipeline.Core.Feeds;

/// <summary>
/// What is wished for on one connection, apart from what the venue has confirmed. Intent survives the socket, confirmation does not.
/// Plain logic; not thread-safe.
/// </summary>
internal sealed class SubscriptionLedger
{
    /// <summary>A request without an answer is made this often.</summary>
    private const int MaxAttempts = 2;

    private readonly OrderedDictionary<string, Wish> _wanted = new(StringComparer.Ordinal);

    /// <summary>Streams being left on the current socket.</summary>
    private readonly Dictionary<string, Wish> _leaving = new(StringComparer.Ordinal);

    /// <summary>Streams being left that are wanted again as soon as they are left, and whether they stood.</summary>
    private readonly Dictionary<string, bool> _returning = new(StringComparer.Ordinal);

    public int Count => _wanted.Count + _returning.Count;

    /// <summary>Streams that the venue has confirmed.</summary>
    public int ConfirmedCount => _wanted.Values.Count(stream => stream.State == StreamState.Confirmed);

    /// <summary>
    /// Whether every stream wished for is confirmed. One that gets a fresh start counts as before it, as long as nothing speaks against
    /// it: it is its book alone that waits, and no reason to call a whole connection unready.
    /// </summary>
    public bool IsReady => _wanted.Values.All(stream => stream.Stands) && _returning.Values.All(stood => stood);

    public IReadOnlyDictionary<string, StreamState> States =>
        _wanted.ToDictionary(stream => stream.Key, stream => stream.Value.State, StringComparer.Ordinal);

    /// <summary>False when it is wanted already.</summary>
    public bool Want(string stream)
    {
        _leaving.Remove(stream);
        _returning.Remove(stream);
        return _wanted.TryAdd(stream, new Wish());
    }

    /// <summary>False when it was not wanted.</summary>
    public bool Leave(string stream)
    {
        // One that is on its way out to come back is simply not brought back.
        if (_returning.Remove(stream) || !_wanted.Remove(stream))
        {
            return false;
        }

        _leaving[stream] = new Wish();
        return true;
    }

    /// <summary>Leaves a stream to want it again: a fresh start. False when it is not wanted, or already on its way.</summary>
    public bool Renew(string stream)
    {
        var stood = _wanted.TryGetValue(stream, out var wish) && wish.Stands;
        if (_returning.ContainsKey(stream) || !Leave(stream))
        {
            return false;
        }

        _returning.Add(stream, stood);
        return true;
    }

    /// <summary>Streams that have been left for a fresh start, wanted again by this call.</summary>
    public List<string> TakeReturned()
    {
        var left = _returning.Where(stream => !_leaving.ContainsKey(stream.Key)).ToList();
        foreach (var (stream, stood) in left)
        {
            Want(stream);
            _wanted[stream] = _wanted[stream] with { StoodBefore = stood };
        }

        return [.. left.Select(stream => stream.Key)];
    }

    /// <summary>Whether it is wanted, or on its way to a fresh start.</summary>
    public bool Has(string stream) => _wanted.ContainsKey(stream) || _returning.ContainsKey(stream);

    /// <summary>The socket is gone and every confirmation with it; returns what a new one has to be asked for.</summary>
    public List<string> Reset()
    {
        _leaving.Clear();
        TakeReturned();
        foreach (var stream in _wanted.Keys.ToList())
        {
            _wanted[stream] = new Wish();
        }

        return [.. _wanted.Keys];
    }

    public void Sent(SubscriptionRequest request)
    {
        foreach (var stream in request.Streams)
        {
            if (request.Action == SubscriptionAction.Unsubscribe)
            {
                if (_leaving.TryGetValue(stream, out var leaving))
                {
                    _leaving[stream] = leaving.Asked(request.Id);
                }
            }
            else if (_wanted.TryGetValue(stream, out var wanted))
            {
                _wanted[stream] = wanted.Asked(request.Id);
            }
        }
    }

    /// <summary>
    /// Returns the streams of the request (or the one that is named) that are still wanted that way and were not confirmed before.
    /// </summary>
    public List<string> Confirm(SubscriptionRequest request, string? stream = null) => End(request, stream, StreamState.Confirmed);

    /// <summary>
    /// Returns the streams of the request (or the one that is named) that are still wanted that way. What the venue has confirmed stays
    /// so: only a repetition of the request is refused then.
    /// </summary>
    public List<string> Fail(SubscriptionRequest request, string? stream = null) => End(request, stream, StreamState.Failed);

    /// <summary>Confirms everything wanted, where being connected is all there is to it; returns what was not confirmed before.</summary>
    public List<string> ConfirmAll()
    {
        var open = _wanted.Where(one => one.Value.State != StreamState.Confirmed).Select(one => one.Key).ToList();
        open.ForEach(stream => End(SubscriptionAction.Subscribe, stream, StreamState.Confirmed));
        return open;
    }

    /// <summary>Whether no answer to the request can change anything any more.</summary>
    public bool IsSettled(SubscriptionRequest request) => !request.Streams.Any(stream => IsOpen(request, stream));

    /// <summary>Whether each stream of the request has been answered, one way or the other.</summary>
    public bool IsAnswered(SubscriptionRequest request) => !request.Streams.Any(stream => IsUnanswered(request, stream));

    /// <summary>No answer came: tells the streams that are worth another request from those that are not.</summary>
    public (List<string> Again, List<string> Failed) Expire(SubscriptionRequest request)
    {
        var again = new List<string>();
        var failed = new List<string>();
        foreach (var stream in request.Streams.Where(stream => IsUnanswered(request, stream)))
        {
            var wish = request.Action == SubscriptionAction.Unsubscribe ? _leaving[stream] : _wanted[stream];
            (wish.Attempts < MaxAttempts ? again : failed).Add(stream);
        }

        failed.ForEach(stream => End(request.Action, stream, StreamState.Failed));
        return (again, failed);
    }

    private List<string> End(SubscriptionRequest request, string? only, StreamState state)
    {
        var open = request.Streams.Where(stream => (only is null || stream == only) && IsOpen(request, stream)).ToList();
        open.ForEach(stream => End(request.Action, stream, state));
        return open;
    }

    private void End(SubscriptionAction action, string stream, StreamState state)
    {
        if (action == SubscriptionAction.Unsubscribe)
        {
            _leaving.Remove(stream);
        }
        else
        {
            _wanted[stream] = _wanted[stream] with { State = state };
        }
    }

    /// <summary>An answer to a request from before the wish was made, or made anew, says nothing about it.</summary>
    private bool IsOpen(SubscriptionRequest request, string stream)
    {
        Wish wish;
        var isWish = request.Action == SubscriptionAction.Unsubscribe
            ? _leaving.TryGetValue(stream, out wish)
            : _wanted.TryGetValue(stream, out wish);
        return isWish && wish.State != StreamState.Confirmed && wish.FirstRequest <= request.Id;
    }

    private bool IsUnanswered(SubscriptionRequest request, string stream) =>
        IsOpen(request, stream)
        && (request.Action == SubscriptionAction.Unsubscribe || _wanted[stream].State == StreamState.Requested);

    /// <param name="Attempts">How often the venue was asked on the current socket.</param>
    /// <param name="FirstRequest">Id of the first request for it on the current socket, null before; ids grow.</param>
    private readonly record struct Wish(StreamState State, int Attempts, long? FirstRequest)
    {
        /// <summary>This is a fresh start of a stream that stood on the current socket.</summary>
        public bool StoodBefore { get; init; }

        public bool Stands => State == StreamState.Confirmed || (StoodBefore && State == StreamState.Requested);

        public Wish Asked(long id) => this with { Attempts = Attempts + 1, FirstRequest = FirstRequest ?? id };
    }
}
