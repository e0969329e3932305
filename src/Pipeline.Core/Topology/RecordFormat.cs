namespace Pipeline.Core.Topology;

/// <summary>How the values of records are written.</summary>
public enum RecordFormat
{
    Json,

    /// <summary>The same content, smaller; by the <c>.proto</c> files.</summary>
    Protobuf,
}
