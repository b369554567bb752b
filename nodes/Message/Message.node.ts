import { message } from '../../src/flow/message/message.flow';
import { flowNode } from '../../src/hosts/n8n/flow-node';

export class Message extends flowNode(message) {}
