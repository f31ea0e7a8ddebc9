import { Kafka } from 'kafkajs'
