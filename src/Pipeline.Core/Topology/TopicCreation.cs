namespace Pipeline.Core.Topology;

public enum TopicCreation
{
    /// <summary>Missing topics are created with the settings of the topic table.</summary>
    Auto,

    /// <summary>A missing topic is an error.</summary>
    Never,
}
