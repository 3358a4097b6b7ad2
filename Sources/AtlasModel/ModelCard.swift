/// How a network was made, as far as it is known.
public struct ModelCard: Sendable, Equatable {
    /// The recipe in a sentence; `nil` when the network's file does not tell.
    public let recipe: String?
    public let seed: UInt64?
    /// Threads it was trained on; its weights depend on their number.
    public let threads: Int?
    /// `nil` when the network's file does not tell.
    public let curve: TrainingCurve?
    /// From input to output; empty when they cannot be told.
    public let layers: [LayerFacts]
    /// What this edition was made with.
    public let versions: [SoftwareVersion]

    public init(
        recipe: String?, seed: UInt64?, threads: Int?, curve: TrainingCurve?,
        layers: [LayerFacts], versions: [SoftwareVersion]
    ) {
        self.recipe = recipe
        self.seed = seed
        self.threads = threads
        self.curve = curve
        self.layers = layers
        self.versions = versions
    }
}

/// How the loss of a network developed during training, epoch by epoch.
public struct TrainingCurve: Sendable, Equatable {
    public struct Epoch: Sendable, Equatable {
        /// From 1.
        public let number: Int
        /// Mean cross-entropy of the training pictures as they were presented.
        public let trainingLoss: Double
        /// `nil` without dev pictures.
        public let devLoss: Double?
        public let devAccuracy: Double?

        public init(number: Int, trainingLoss: Double, devLoss: Double?, devAccuracy: Double?) {
            self.number = number
            self.trainingLoss = trainingLoss
            self.devLoss = devLoss
            self.devAccuracy = devAccuracy
        }
    }

    public let epochs: [Epoch]
    /// Number of the epoch whose weights the network has.
    public let kept: Int

    public init(epochs: [Epoch], kept: Int) {
        self.epochs = epochs
        self.kept = kept
    }
}

/// A layer of a network.
public struct LayerFacts: Sendable, Equatable {
    /// What a layer does to its input, as far as a drawing tells it.
    public enum Role: Sendable, Equatable {
        /// It has weights that look at several values at once.
        case weighted
        /// It makes the picture smaller.
        case pooling
        /// It changes values or their arrangement only.
        case plain
    }

    /// As in the network's file.
    public let name: String
    /// `Convolution 3 × 3`.
    public let kind: String
    public let role: Role
    /// `[height, width, channels]` or `[units]`.
    public let output: [Int]
    public let parameters: Int

    public init(name: String, kind: String, role: Role, output: [Int], parameters: Int) {
        self.name = name
        self.kind = kind
        self.role = role
        self.output = output
        self.parameters = parameters
    }
}

/// A program or library by its name and version.
public struct SoftwareVersion: Sendable, Equatable {
    public let name: String
    public let version: String

    public init(name: String, version: String) {
        self.name = name
        self.version = version
    }
}

/// A network beside others, evaluated on the test pictures that it was not trained on.
public struct ComparedNetwork: Sendable, Equatable {
    public let name: String
    /// Whether the predictions of this edition are its.
    public let isUsed: Bool
    /// Test pictures, and those of them whose prediction is their label.
    public let accuracy: Proportion
    public let parameters: Int
    /// Epochs it was trained for; `nil` when its file does not tell.
    public let epochs: Int?
    /// Of training; `nil` when no run was recorded.
    public let seconds: Double?

    public init(
        name: String, isUsed: Bool, accuracy: Proportion, parameters: Int, epochs: Int?,
        seconds: Double?
    ) {
        self.name = name
        self.isUsed = isUsed
        self.accuracy = accuracy
        self.parameters = parameters
        self.epochs = epochs
        self.seconds = seconds
    }
}
