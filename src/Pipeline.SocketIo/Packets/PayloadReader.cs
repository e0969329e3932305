using System.Text.Json;

namespace Pipeline.SocketIo.Packets;

/// <summary>
/// Looks a packet's JSON through once: valid, not too deep, of the kind that the packet wants, placeholders pointing at attachments that
/// there are. Finds where the arguments stand, so that they can be passed on without being read. A pure function.
/// </summary>
internal static class PayloadReader
{
    /// <summary>Of values that were looked through before.</summary>
    private const int AnyDepth = 1000;

    /// <summary>Elements of an array that are found without allocating; few have more.</summary>
    private const int PlacesOnStack = 16;

    /// <summary>Names that mean something else to clients or servers of the protocol.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener",
    };

    /// <summary>Reads an event's array: its name, and the places of its arguments.</summary>
    /// <returns>False when it is none.</returns>
    public static bool TryReadEvent(ReadOnlyMemory<byte> json, int attachments, PacketLimits limits, out string name, out ReadOnlyMemory<byte>[] arguments)
    {
        name = "";
        arguments = [];
        Span<Place> places = stackalloc Place[PlacesOnStack];
        if (!TryFind(json, attachments, limits, limits.MaxArguments + 1, ref places) || places.IsEmpty)
        {
            return false;
        }

        var first = places[0].In(json).Span;
        arguments = Cut(json, places[1..]);
        switch (first[0])
        {
            case (byte)'"' when first.Length - 2 <= limits.MaxEventNameBytes:
                name = EventNames.Decode(first);
                return name.Length > 0 ? !Reserved.Contains(name) : first.Length == 2;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9') when first.Length <= limits.MaxEventNameBytes:
                name = System.Text.Encoding.ASCII.GetString(first);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Reads an array to the places of its elements.</summary>
    public static bool TryReadArray(
        ReadOnlyMemory<byte> json, int attachments, PacketLimits limits, int maxElements, out ReadOnlyMemory<byte>[] elements)
    {
        Span<Place> places = stackalloc Place[PlacesOnStack];
        var isArray = TryFind(json, attachments, limits, maxElements, ref places);
        elements = isArray ? Cut(json, places) : [];
        return isArray;
    }

    /// <summary>Whether it is one JSON object.</summary>
    public static bool IsObject(ReadOnlyMemory<byte> json, PacketLimits limits)
    {
        try
        {
            var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = limits.MaxJsonDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Number of the attachment that a value stands for; null when it is no placeholder.</summary>
    public static int? PlaceholderOf(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value[0] != (byte)'{')
        {
            return null;
        }

        var reader = new Utf8JsonReader(value, new JsonReaderOptions { MaxDepth = AnyDepth });
        reader.Read();
        return TryPassObject(ref reader, int.MaxValue, out var number) ? number : null;
    }

    /// <summary>Finds where the elements of an array stand.</summary>
    /// <param name="places">Room for them; afterwards exactly these.</param>
    private static bool TryFind(ReadOnlyMemory<byte> json, int attachments, PacketLimits limits, int maxElements, ref Span<Place> places)
    {
        try
        {
            var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = limits.MaxJsonDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                return false;
            }

            var found = 0;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                if (found == maxElements || !TryPass(ref reader, attachments))
                {
                    return false;
                }

                if (found == places.Length)
                {
                    var larger = new Place[found * 2];
                    places.CopyTo(larger);
                    places = larger;
                }

                places[found++] = new Place(start, (int)reader.BytesConsumed);
            }

            places = places[..found];
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static ReadOnlyMemory<byte>[] Cut(ReadOnlyMemory<byte> json, ReadOnlySpan<Place> places)
    {
        if (places.IsEmpty)
        {
            return [];
        }

        var elements = new ReadOnlyMemory<byte>[places.Length];
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = places[i].In(json);
        }

        return elements;
    }

    private static bool TryPass(ref Utf8JsonReader reader, int attachments)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject when attachments > 0:
                return TryPassObject(ref reader, attachments, out _);
            case JsonTokenType.StartArray when attachments > 0:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (!TryPass(ref reader, attachments))
                    {
                        return false;
                    }
                }

                return true;
            default:
                reader.Skip();
                return true;
        }
    }

    /// <summary>Goes to the end of an object; false when it is a placeholder of no attachment. Depth is limited by the reader.</summary>
    private static bool TryPassObject(ref Utf8JsonReader reader, int attachments, out int? placeholder)
    {
        var isPlaceholder = false;
        var number = -1;
        placeholder = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var isMark = reader.ValueTextEquals("_placeholder"u8);
            var isNumber = reader.ValueTextEquals("num"u8);
            reader.Read();
            if (isMark)
            {
                isPlaceholder = reader.TokenType == JsonTokenType.True;
            }
            else if (isNumber)
            {
                number = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value) ? value : -1;
            }

            if (!TryPass(ref reader, attachments))
            {
                return false;
            }
        }

        if (!isPlaceholder)
        {
            return true;
        }

        placeholder = number;
        return number >= 0 && number < attachments;
    }

    private readonly record struct Place(int Start, int End)
    {
        public ReadOnlyMemory<byte> In(ReadOnlyMemory<byte> json) => json[Start..End];
    }
}
