using Pipeline.Core.Feeds.Rest;

namespace Pipeline.Venues.Rest;

/// <summary>Callers of one class waiting for their turn, first come first served.</summary>
/// <param name="gate">Guards the window, which several lines share.</param>
/// <param name="limit">Weight of a window that this class may fill.</param>
internal sealed class WeightLine(Lock gate, IWeightWindow window, int limit, TimeProvider clock)
{
    /// <summary>Most callers that wait; with more the program asks for what it can never get.</summary>
    public const int MostWaiting = 4096;

    private readonly LinkedList<Waiter> _waiting = new();
    private bool _isServing;

    /// <summary>Callers in line; to be read under the gate.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Takes <paramref name="weight"/> of a window when it is the caller's turn; returns the window's number.</summary>
    /// <exception cref="VenueRestException">Too many wait already.</exception>
    public ValueTask<long> TakeAsync(int weight, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(weight);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(weight, limit);
        cancellation.ThrowIfCancellationRequested();
        Waiter waiter;
        bool mustServe;
        lock (gate)
        {
            if (_waiting.Count == 0 && window.WaitFor(weight, limit) <= TimeSpan.Zero)
            {
                return new ValueTask<long>(window.Take(weight));
            }

            if (_waiting.Count == MostWaiting)
            {
                throw new VenueRestException(VenueRestFailure.RateLimited, $"{MostWaiting} requests already wait for the venue's budget.");
            }

            waiter = new Waiter(weight);
            _waiting.AddLast(waiter);
            mustServe = !_isServing;
            _isServing = true;
        }

        waiter.Cancellation = cancellation.UnsafeRegister(_ => Leave(waiter, cancellation), null);
        if (mustServe)
        {
            _ = ServeAsync();
        }

        // Served meanwhile by another thread: a token that lives long must not keep the registration.
        if (waiter.Turn.Task.IsCompleted)
        {
            waiter.Cancellation.Unregister();
        }

        return new ValueTask<long>(waiter.Turn.Task);
    }

    /// <summary>Serves the line until nobody waits.</summary>
    private async Task ServeAsync()
    {
        var ready = new List<Waiter>();
        while (true)
        {
            var wait = TakeReady(ready);

            // Outside the lock: what a caller does with its turn runs right here.
            foreach (var waiter in ready)
            {
                waiter.Cancellation.Unregister();
                waiter.Turn.TrySetResult(waiter.Window);
            }

            ready.Clear();
            if (wait is null)
            {
                return;
            }

            await Task.Delay(wait.Value, clock);
        }
    }

    /// <summary>Moves those whose turn it is to <paramref name="ready"/>; the next one's wait, or null when there is none.</summary>
    private TimeSpan? TakeReady(List<Waiter> ready)
    {
        lock (gate)
        {
            while (_waiting.First is { } first)
            {
                var wait = window.WaitFor(first.Value.Weight, limit);
                if (wait > TimeSpan.Zero)
                {
                    return wait;
                }

                first.Value.Window = window.Take(first.Value.Weight);
                ready.Add(first.Value);
                _waiting.RemoveFirst();
            }

            _isServing = false;
            return null;
        }
    }

    private void Leave(Waiter waiter, CancellationToken cancellation)
    {
        bool wasWaiting;
        lock (gate)
        {
            wasWaiting = _waiting.Remove(waiter);
        }

        if (wasWaiting)
        {
            waiter.Turn.TrySetCanceled(cancellation);
        }
    }

    private sealed class Waiter(int weight)
    {
        public int Weight { get; } = weight;

        public long Window { get; set; }

        public TaskCompletionSource<long> Turn { get; } = new();

        public CancellationTokenRegistration Cancellation { get; set; }
    }
}
