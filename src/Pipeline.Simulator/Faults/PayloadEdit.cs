using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Simulator.Sockets;

namespace Pipeline.Simulator.Faults;

/// <summary>Changes to frames, header included, of whatever venue. A frame that does not have what is to be changed stays as it is.</summary>
internal static class PayloadEdit
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] FirstIds = ["U", "pu"];

    private static readonly string[] Sides = ["b", "a"];

    private static readonly string[] SymbolKeys = ["\"s\":\"", "\"symbol\":\"", "\"instId\":\"", "\"mint\":\""];

    public static ReadOnlySpan<byte> PayloadOf(ReadOnlySpan<byte> frame) =>
        frame[((frame[1] & 0x7F) switch { 126 => 4, 127 => ServerFrame.LongestHeader, _ => 2 })..];

    /// <summary>Binance marks it <c>x</c>, Bybit <c>confirm</c>, OKX by the last value of the row.</summary>
    public static bool IsClosingCandle(ReadOnlySpan<byte> frame) =>
        frame.IndexOf("\"x\":true"u8) >= 0 || frame.IndexOf("\"confirm\":true"u8) >= 0 || frame.IndexOf(",\"1\"]]}"u8) >= 0;

    /// <summary>A whole book that updates go on from, on OKX and Bybit; Binance sends none.</summary>
    public static bool IsSnapshot(ReadOnlySpan<byte> frame) =>
        frame.IndexOf("\"action\":\"snapshot\""u8) >= 0 || frame.IndexOf("\"type\":\"snapshot\""u8) >= 0;

    /// <summary>New keys at the begin of the data: a value, a nested one and a null.</summary>
    public static ReadOnlySpan<byte> WithNewFields(ReadOnlySpan<byte> frame)
    {
        var payload = PayloadOf(frame);
        var nested = payload.IndexOf("\"data\":{"u8);
        var at = nested >= 0 ? nested + "\"data\":{"u8.Length : payload.Length > 2 && payload[0] == (byte)'{' ? 1 : -1;
        return at < 0
            ? frame
            : ServerFrame.Whole(
                (byte)(frame[0] & 0x0F),
                [.. payload[..at], .. "\"zzNew\":\"0.1\",\"zzNested\":{\"a\":[null,{\"b\":1e3}],\"c\":{}},\"zzNull\":null,"u8, .. payload[at..]]);
    }

    /// <summary>What is not ASCII as <c>\uXXXX</c>, and the first letter of every symbol too.</summary>
    public static ReadOnlySpan<byte> Escaped(ReadOnlySpan<byte> frame)
    {
        var text = Encoding.UTF8.GetString(PayloadOf(frame));
        var escaped = new StringBuilder(text.Length + 64);
        for (var i = 0; i < text.Length; i++)
        {
            var isFirst = Array.Exists(SymbolKeys, key => i >= key.Length && string.CompareOrdinal(text, i - key.Length, key, 0, key.Length) == 0);
            if (text[i] > '\x7F' || (isFirst && char.IsLetterOrDigit(text[i])))
            {
                escaped.Append($"\\u{(int)text[i]:x4}");
            }
            else
            {
                escaped.Append(text[i]);
            }
        }

        return ServerFrame.Whole((byte)(frame[0] & 0x0F), Encoding.UTF8.GetBytes(escaped.ToString()));
    }

    /// <summary>A trade that no taker made: its copy with <c>X</c> and without quantity. Null when the frame is no trade.</summary>
    public static byte[]? OffMarket(ReadOnlySpan<byte> frame, string kind)
    {
        if (frame.IndexOf("\"q\":\""u8) < 0)
        {
            return null;
        }

        var edited = Edit(frame, root =>
        {
            var data = DataOf(root);
            data["q"] = "0";
            data["p"] = kind == "NA" ? "0" : data["p"]?.DeepClone();
            data["X"] = kind;
        });
        return edited == frame ? null : edited.ToArray();
    }

    /// <summary>Another instrument's name in every row of data.</summary>
    public static ReadOnlySpan<byte> Renamed(ReadOnlySpan<byte> frame, string to) => Edit(frame, root =>
    {
        foreach (var row in (root["data"] as JsonArray ?? []).OfType<JsonObject>().Where(row => row["instId"] is not null))
        {
            row["instId"] = to;
        }
    });

    /// <summary>The same mark price event with another last digit; null when the frame is none.</summary>
    public static byte[]? WithOtherMark(ReadOnlySpan<byte> frame)
    {
        if (frame.IndexOf("\"markPx\""u8) < 0)
        {
            return null;
        }

        var edited = Edit(frame, root =>
        {
            foreach (var row in (root["data"] as JsonArray ?? []).OfType<JsonObject>())
            {
                var price = (string?)row["markPx"] ?? "0";
                row["markPx"] = price[..^1] + (price[^1] == '0' ? '1' : '0');
            }
        });
        return edited == frame ? null : edited.ToArray();
    }

    /// <summary>An array over all markets in two frames, with a row of another market in the first; null when it is none.</summary>
    public static (byte[] First, byte[] Second)? Mixed(ReadOnlySpan<byte> frame)
    {
        var payload = PayloadOf(frame);
        if (payload.IndexOf("\"data\":["u8) < 0 && !payload.StartsWith("["u8))
        {
            return null;
        }

        var opcode = (byte)(frame[0] & 0x0F);
        if (Parse(payload) is not { } first || Parse(payload) is not { } second)
        {
            return null;
        }

        var (head, tail) = (RowsOf(first), RowsOf(second));
        if (head is not { Count: > 0 } || tail is null)
        {
            return null;
        }

        var half = head.Count / 2;
        for (var i = head.Count; i > half; i--)
        {
            head.RemoveAt(i - 1);
        }

        for (var i = 0; i < half; i++)
        {
            tail.RemoveAt(0);
        }

        if (tail[0]!.DeepClone() is JsonObject strange)
        {
            (strange["s"], strange["T"]) = ("BTCUSD_PERP", 0);
            head.Add((JsonNode)strange);
        }

        return (Framed(opcode, first), Framed(opcode, second));
    }

    /// <summary>Two book updates as one: the ids of both, and of each level the later quantity. Null when they are none.</summary>
    public static byte[]? Joined(ReadOnlySpan<byte> earlier, ReadOnlySpan<byte> later)
    {
        if (Parse(PayloadOf(earlier)) is not JsonObject update)
        {
            return null;
        }

        var before = DataOf(update);
        var edited = Edit(later, root =>
        {
            var data = DataOf(root);
            foreach (var key in FirstIds.Where(key => before[key] is not null))
            {
                data[key] = before[key]!.DeepClone();
            }

            foreach (var side in Sides)
            {
                Join((JsonArray)before[side]!, (JsonArray)data[side]!);
            }
        });
        return edited == later ? null : edited.ToArray();
    }

    /// <summary>Reads, changes and writes a payload; one that is no object stays as it is.</summary>
    public static ReadOnlySpan<byte> Edit(ReadOnlySpan<byte> frame, Action<JsonNode> change)
    {
        if (Parse(PayloadOf(frame)) is not JsonObject root)
        {
            return frame;
        }

        try
        {
            change(root);
            return Framed((byte)(frame[0] & 0x0F), root);
        }
        catch (Exception)
        {
            // A fault may be meant for streams of another shape, and a recording may hold anything.
            return frame;
        }
    }

    private static JsonNode? Parse(ReadOnlySpan<byte> payload)
    {
        try
        {
            return JsonNode.Parse(payload);
        }
        catch (JsonException)
        {
            // As above.
            return null;
        }
    }

    private static void Join(JsonArray earlier, JsonArray later)
    {
        var known = later.Select(level => (string?)level![0]).ToHashSet(StringComparer.Ordinal);
        foreach (var level in earlier.Where(level => !known.Contains((string?)level![0])))
        {
            later.Add(level!.DeepClone());
        }
    }

    private static JsonNode DataOf(JsonNode root) => root["stream"] is not null && root["data"] is { } data ? data : root;

    private static JsonArray? RowsOf(JsonNode root) => (root is JsonObject ? root["data"] : root) as JsonArray;

    private static byte[] Framed(byte opcode, JsonNode root) =>
        ServerFrame.Whole(opcode, JsonSerializer.SerializeToUtf8Bytes(root, Relaxed));
}
