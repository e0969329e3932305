using Pipeline.Core.Feeds;

namespace Pipeline.Core.Graph;

/// <summary>
/// Whether the entrance takes more: not while any batch waits at it. That no batch waits, and not that one of several came in, is what
/// keeps a full graph from drawing new connections with every batch it manages. Safe from several threads.
/// </summary>
internal sealed class Intake : IIntake
{
    private readonly Lock _gate = new();
    private int _waiting;
    private TaskCompletionSource? _room;

    public bool HasRoom => Volatile.Read(ref _waiting) == 0;

    public Task WhenRoomAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_waiting == 0)
            {
                return Task.CompletedTask;
            }

            // Elsewhere: who waited would otherwise go on within the entrance's own work.
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>A batch begins to wait.</summary>
    public void Hold()
    {
        lock (_gate)
        {
            Volatile.Write(ref _waiting, _waiting + 1);
        }
    }

    /// <summary>A batch that waited was taken, or will never be.</summary>
    public void Free()
    {
        TaskCompletionSource? room = null;
        lock (_gate)
        {
            Volatile.Write(ref _waiting, _waiting - 1);
            if (_waiting == 0)
            {
                (room, _room) = (_room, null);
            }
        }

        room?.TrySetResult();
    }
}
