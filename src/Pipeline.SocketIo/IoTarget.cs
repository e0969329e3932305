using Pipeline.Fanout;

namespace Pipeline.SocketIo;

/// <summary>Who an event goes to: every client of a namespace, or those in some rooms, without those in others. Each gets it once.</summary>
public readonly struct IoTarget
{
    private readonly IoNamespace _namespace;

    internal IoTarget(IoNamespace space, IoSocket? sender = null)
    {
        _namespace = space;
        Sender = sender;
    }

    /// <summary>Who does not get it, because it said it.</summary>
    internal IoSocket? Sender { get; }

    /// <summary>A room, or the id of a client; null = all.</summary>
    internal string? Room { get; private init; }

    internal string[]? MoreRooms { get; private init; }

    internal string[]? Excepted { get; private init; }

    /// <summary>Also those in this room; without any, the event is for all. A client's id is a room with that client alone.</summary>
    public IoTarget To(string room) => Room is null
        ? this with { Room = room }
        : this with { MoreRooms = [.. MoreRooms ?? [], room] };

    /// <summary>Without those in this room.</summary>
    public IoTarget Except(string room) => this with { Excepted = [.. Excepted ?? [], room] };

    /// <summary>Emits an event, encoded once for all.</summary>
    /// <returns>Clients that took it into their outbox.</returns>
    public int Emit(string name, params ReadOnlySpan<IoValue> values) => Emit(name, IoArguments.Of(values));

    /// <summary>Emits an event, encoded once for all.</summary>
    /// <param name="key">What a newer event replaces while it waits; null = nothing.</param>
    /// <returns>Clients that took it into their outbox.</returns>
    public int Emit(string name, IoArguments arguments, Delivery delivery = Delivery.Required, object? key = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(arguments);
        return _namespace.Emit(this, name, arguments, delivery, key);
    }

    /// <summary>Whether a client that was in these rooms is meant.</summary>
    internal bool Means(string id, HashSet<string> rooms) =>
        Sender?.Id != id && (Room is null || IsIn(Room, id, rooms) || Any(MoreRooms, id, rooms)) && !Any(Excepted, id, rooms);

    private static bool Any(string[]? wanted, string id, HashSet<string> rooms)
    {
        foreach (var room in wanted ?? [])
        {
            if (IsIn(room, id, rooms))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsIn(string room, string id, HashSet<string> rooms) => room == id || rooms.Contains(room);
}
