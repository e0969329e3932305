using System.Buffers;

namespace Pipeline.Fanout.Outboxes;

/// <summary>
/// What waits for one client, in order, bounded by bytes and age. A plain synchronous class without clock and lock: time comes as the
/// number of the sweep, and who uses it from several threads locks it. Idle it holds no more than a small ring.
/// <para>
/// A newer conflatable message of a key replaces the waiting one *at the tail*: so what waits is always in the order of posting, and a
/// client sees the sequence within a stream rise. With a maximum rate that holds among messages of one key; so let the key name the stream.
/// </para>
/// </summary>
public sealed class Outbox(LinkOptions options)
{
    private const int SmallRing = 4;

    /// <summary>Rings up to here are kept by the client; larger ones are borrowed while they are needed.</summary>
    private const int KeptRing = 16;

    private OutboxItem[] _ring = [];

    /// <summary>Number of the slot at the front since the beginning; a slot's place is its number modulo the length of the ring.</summary>
    private long _first;

    /// <summary>Slots in use, with those whose message was replaced.</summary>
    private int _slots;

    /// <summary>Slot of the waiting conflatable message of each key; null while nothing is conflated.</summary>
    private Dictionary<object, long>? _byKey;

    private int _conflatable;
    private RateLimit? _rate;

    /// <summary>Messages that wait, with those held back.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that wait, with those held back.</summary>
    public long Bytes { get; private set; }

    /// <summary>Messages replaced by a newer one, since the beginning.</summary>
    public long Conflated { get; private set; }

    /// <summary>Messages dropped, since the beginning.</summary>
    public long Dropped { get; private set; }

    /// <summary>Messages held back by the maximum rate.</summary>
    public int HeldBack => _rate?.Count ?? 0;

    /// <summary>Whether a message can be taken now.</summary>
    public bool HasNext => Count > HeldBack;

    /// <summary>Conflating begins when enough waits, and goes on until all is written.</summary>
    private bool IsConflating => _byKey is not null || Count >= options.ConflateFrom;

    /// <summary>Conflatable messages per second at most; zero = no limit.</summary>
    public void SetRate(double perSecond, int tick) => _rate = perSecond > 0
        ? new RateLimit(perSecond, tick, _rate)
        : Unlimited();

    /// <param name="tick">Number of the sweep.</param>
    /// <param name="blocked">The client has not taken what was written before.</param>
    public PostResult Post(SharedMessage message, Delivery delivery, object? key, int tick, bool blocked = false)
    {
        if (delivery == Delivery.Volatile && (blocked || Count >= options.ConflateFrom || Bytes + message.FrameLength > options.OutboxBytes))
        {
            Dropped++;
            return PostResult.Dropped;
        }

        var conflated = 0;
        if (key is not null && delivery != Delivery.Volatile && _conflatable + HeldBack > 0)
        {
            conflated = Replace(key, waitingToo: delivery == Delivery.Required || IsConflating);
        }

        if (Bytes + message.FrameLength > options.OutboxBytes)
        {
            return PostResult.TooMuch;
        }

        Count++;
        Bytes += message.FrameLength;
        var item = new OutboxItem(message, key, conflated, tick, delivery);
        if (delivery == Delivery.Conflatable && key is not null && _rate is { } rate && !rate.TryPass())
        {
            rate.Hold(item);
            return PostResult.HeldBack;
        }

        Append(item);
        return PostResult.Queued;
    }

    /// <summary>Takes the oldest message that may go.</summary>
    public bool TryTake(out OutboxItem item)
    {
        while (_slots > 0)
        {
            ref var slot = ref _ring[_first & (_ring.Length - 1)];
            item = slot;
            slot = default;
            _slots--;
            _first++;
            if (item.Message is not null)
            {
                Forget(item);
                if (_slots == 0)
                {
                    Empty();
                }

                return true;
            }
        }

        Empty();
        item = default;
        return false;
    }

    /// <summary>Lets those held back go whose turn it is; everything when <paramref name="all"/>.</summary>
    /// <returns>How many.</returns>
    public int Release(int tick, double secondsPerTick, bool all = false)
    {
        var released = 0;
        if (_rate is { } rate)
        {
            rate.Refill(tick, secondsPerTick);
            while (rate.TryRelease(all, out var item))
            {
                Append(item with { Tick = tick });
                released++;
            }
        }

        return released;
    }

    /// <summary>Sweep at which the oldest waiting required message was posted; null when none waits.</summary>
    public int? OldestRequired()
    {
        for (var i = 0; i < _slots && _slots > _conflatable; i++)
        {
            ref var slot = ref _ring[(_first + i) & (_ring.Length - 1)];
            if (slot.Message is not null && slot.Delivery == Delivery.Required)
            {
                return slot.Tick;
            }
        }

        return null;
    }

    /// <summary>Drops everything; returns how many.</summary>
    public int Clear()
    {
        var count = Count;
        while (TryTake(out _))
        {
        }

        _rate?.Clear();
        Count = 0;
        Bytes = 0;
        Dropped += count;
        return count;
    }

    private RateLimit? Unlimited()
    {
        while (_rate is { } rate && rate.TryRelease(all: true, out var item))
        {
            Append(item);
        }

        return null;
    }

    private void Append(in OutboxItem item)
    {
        if (_slots == _ring.Length)
        {
            Grow();
        }

        var number = _first + _slots++;
        _ring[number & (_ring.Length - 1)] = item;
        if (item.Delivery != Delivery.Conflatable || item.Key is null)
        {
            return;
        }

        _conflatable++;
        if (_byKey is { } byKey)
        {
            byKey[item.Key] = number;
        }
    }

    /// <summary>Removes the waiting conflatable message of a key; returns how many messages its replacement stands for.</summary>
    private int Replace(object key, bool waitingToo)
    {
        if (_rate is { } rate && rate.TryRemove(key, out var held))
        {
            return Removed(held);
        }

        if (_conflatable == 0 || !waitingToo)
        {
            return 0;
        }

        if (IsConflating && _byKey is null)
        {
            IndexKeys();
        }

        var number = _byKey is { } byKey ? byKey.Remove(key, out var known) ? known : -1 : Find(key);
        if (number < 0)
        {
            return 0;
        }

        ref var slot = ref _ring[number & (_ring.Length - 1)];
        var item = slot;
        slot = default;
        _conflatable--;
        return Removed(item);
    }

    private int Removed(in OutboxItem item)
    {
        Count--;
        Bytes -= item.Message.FrameLength;
        Conflated++;
        return item.Conflated + 1;
    }

    private long Find(object key)
    {
        for (var number = _first + _slots - 1; number >= _first; number--)
        {
            ref var slot = ref _ring[number & (_ring.Length - 1)];
            if (slot.Delivery == Delivery.Conflatable && slot.Message is not null && slot.Key is { } other && (ReferenceEquals(other, key) || other.Equals(key)))
            {
                return number;
            }
        }

        return -1;
    }

    /// <summary>From here on only the newest of a key is kept: the older ones that wait already go as well.</summary>
    private void IndexKeys()
    {
        _byKey = [];
        for (var number = _first; number < _first + _slots; number++)
        {
            ref var slot = ref _ring[number & (_ring.Length - 1)];
            if (slot.Message is null || slot.Delivery != Delivery.Conflatable || slot.Key is not { } key)
            {
                continue;
            }

            if (_byKey.TryGetValue(key, out var older))
            {
                ref var replaced = ref _ring[older & (_ring.Length - 1)];
                var item = replaced;
                replaced = default;
                _conflatable--;
                slot = slot with { Conflated = slot.Conflated + Removed(item) };
            }

            _byKey[key] = number;
        }
    }

    private void Forget(in OutboxItem item)
    {
        Count--;
        Bytes -= item.Message.FrameLength;
        if (item.Delivery == Delivery.Conflatable && item.Key is { } key)
        {
            _conflatable--;

            // Older than the index: another slot may be the key's by now.
            if (_byKey is { } byKey && byKey.TryGetValue(key, out var number) && number == _first - 1)
            {
                byKey.Remove(key);
            }
        }
    }

    /// <summary>Replaced slots give way first; only then a larger ring is taken.</summary>
    private void Grow()
    {
        var live = Count - HeldBack;
        var length = _ring.Length == 0 ? SmallRing : live >= _ring.Length - (_ring.Length / 4) ? _ring.Length * 2 : _ring.Length;
        var ring = length > KeptRing ? ArrayPool<OutboxItem>.Shared.Rent(length) : new OutboxItem[length];
        var slots = 0;
        _byKey?.Clear();
        for (var i = 0; i < _slots; i++)
        {
            ref var slot = ref _ring[(_first + i) & (_ring.Length - 1)];
            if (slot.Message is null)
            {
                continue;
            }

            if (_byKey is { } byKey && slot.Delivery == Delivery.Conflatable && slot.Key is { } key)
            {
                byKey[key] = slots;
            }

            ring[slots++] = slot;
        }

        Return();
        (_ring, _first, _slots) = (ring, 0, slots);
    }

    private void Empty()
    {
        _byKey = null;
        if (_ring.Length > KeptRing)
        {
            Return();
            _ring = [];
        }
    }

    private void Return()
    {
        if (_ring.Length > KeptRing)
        {
            Array.Clear(_ring);
            ArrayPool<OutboxItem>.Shared.Return(_ring);
        }
    }
}
