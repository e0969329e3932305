using System.Text.Json;

namespace Pipeline.Core.Recordings;

/// <summary>What a recording says of itself, ahead of its frames; JSON in the file's first block.</summary>
public sealed record RecordingHeader
{
    /// <summary>The one version there is.</summary>
    public const int CurrentVersion = 1;

    internal const int MaxVenues = 64;
    internal const int MaxInstruments = 100_000;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Begin of the recording, microseconds since the Unix epoch, UTC.</summary>
    public long CreatedTime { get; init; }

    /// <summary>Where it comes from, for people: the topology, the part.</summary>
    public string Summary { get; init; } = "";

    /// <summary>Empty when the recording does not say: then a topology must.</summary>
    public IReadOnlyList<RecordedVenue> Venues { get; init; } = [];

    /// <summary>As JSON.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <exception cref="RecordingException">It is no header, or one of a version or size that is not taken.</exception>
    public static RecordingHeader Parse(ReadOnlySpan<byte> json)
    {
        RecordingHeader? header;
        try
        {
            header = JsonSerializer.Deserialize<RecordingHeader>(json, Json);
        }
        catch (JsonException error)
        {
            throw new RecordingException($"the recording's header is no JSON: {error.Message}", error);
        }

        if (header is null || header.Version != CurrentVersion)
        {
            throw new RecordingException(
                $"the recording's header is of version {header?.Version ?? 0}; this program reads version {CurrentVersion}");
        }

        if (header.Venues is null || header.Venues.Count > MaxVenues || header.Venues.Any(venue => !IsValid(venue)))
        {
            throw new RecordingException("the recording's header names a venue that is incomplete, or too many");
        }

        return header;
    }

    private static bool IsValid(RecordedVenue? venue) =>
        venue is { Name.Length: > 0, TradeSource: not null, TimeUnit: > 0, Instruments.Count: <= MaxInstruments }
        && venue.Instruments.All(one => one is { Id.Length: > 0, Symbol.Length: > 0 });
}
