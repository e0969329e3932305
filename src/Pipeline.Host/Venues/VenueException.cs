namespace Pipeline.Host.Venues;

/// <summary>A venue cannot be collected from as the topology asks; the message says why and what to do.</summary>
internal sealed class VenueException : Exception
{
    public VenueException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
